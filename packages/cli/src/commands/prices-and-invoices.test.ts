import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningServer, startServer } from "@telltale/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callOf } from "../testing/call-of.ts";
import { sendCall, untilCalls } from "../testing/send-call.ts";
import { reconcile } from "./reconcile.ts";
import { reprice } from "./reprice.ts";

const directory = mkdtempSync(join(tmpdir(), "telltale-cli-prices-"));
const json = { "content-type": "application/json" };
const today = new Date().toISOString().slice(0, 10);
let server: RunningServer;

/** A call of 1,000 input and 10 output tokens. */
async function send(index: number, model: string): Promise<void> {
  const start = BigInt(Date.parse(today)) * 1_000_000n + 1n;
  await sendCall(server.url, { index, model, start, inputTokens: 1000, outputTokens: 10 });
}

beforeAll(async () => {
  server = await startServer({ port: 0, host: "127.0.0.1", dataDirectory: directory });
  await server.whenReady();
  await send(1, "gpt-4o-mini-2024-07-18");
  await send(2, "gpt-4o-mini-2024-07-18");
  await send(3, "house-1");
  await untilCalls(server.url, 3);
}, 60_000);

afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

describe("telltale reconcile", () => {
  const usage = (input: number): string => {
    const result = { object: "organization.usage.completions.result", model: "gpt-4o-mini-2024-07-18" };
    const told = { ...result, input_tokens: input, output_tokens: 20, num_model_requests: 2 };
    const start = Date.parse(today) / 1000;
    const page = {
      object: "page",
      data: [{ object: "bucket", start_time: start, end_time: start + 86_400, results: [told] }],
    };
    const path = join(directory, `usage-${input}.json`);
    writeFileSync(path, JSON.stringify(page));
    return path;
  };

  it("shows where the telemetry differs from the invoice, and ends with 1", async () => {
    const call = callOf({ url: server.url }, [usage(2500)]);
    expect(await reconcile.run(call)).toBe(1);
    const table = call.terminal.printed.join("\n");
    expect(table).toMatch(new RegExp(`${today} +gpt-4o-mini +2500 +2000 +-500 +20 +20 +0 +2 +2 +0`));
    expect(call.terminal.noted).toEqual([
      "1 calls have a cost that is not wholly known: the money of the telemetry is a lower bound.",
    ]);
  });

  it("shows what agrees when it is asked to", async () => {
    const call = callOf({ url: server.url, format: "json", project: "default", all: true }, [usage(2000)]);
    await reconcile.run(call);
    const answer = JSON.parse(call.terminal.printed.join("\n")) as { rows: { model: string; difference: object }[] };
    expect(answer.rows.find(({ model }) => model === "gpt-4o-mini")?.difference).toMatchObject({
      inputTokens: 0,
      calls: 0,
    });
  });

  it("says what it cannot use", async () => {
    const path = join(directory, "poem.txt");
    writeFileSync(path, "roses are red");
    await expect(reconcile.run(callOf({ url: server.url }, [path]))).rejects.toThrow("the export cannot be read");
    await expect(reconcile.run(callOf({ url: server.url }, ["/none"]))).rejects.toThrow("/none cannot be read");
    await expect(reconcile.run(callOf({ url: server.url }))).rejects.toMatchObject({ exitCode: 2 });
  });
});

describe("telltale reprice", () => {
  it("shows what differs first, and stores it only when told to", async () => {
    const prices = { prices: [{ name: "house", model: "house-1", tokens: { input: "2", output: "0" } }] };
    const put = { method: "PUT", headers: json, body: JSON.stringify(prices) };
    expect((await fetch(`${server.url}/api/v1/prices`, put)).status).toBe(200);
    const costNow = async (): Promise<string> =>
      ((await (await fetch(`${server.url}/api/v1/cost?from=0&model=house-1`)).json()) as { totalNanos: string })
        .totalNanos;
    const tried = callOf({ url: server.url, from: today });
    expect(await reprice.run(tried)).toBe(0);
    expect(tried.terminal.printed.join("\n")).toMatch(
      new RegExp(
        `${today} +openai +house-1 +1 +1 +0\\.000000000 +0\\.002000000 +0\\.002000000 +no-price → custom/house`,
      ),
    );
    expect(tried.terminal.noted).toEqual(["1 of 3 spans differ. Nothing was changed; --apply stores the new costs."]);
    expect(await costNow()).toBe("0");
    const applied = callOf({ url: server.url, from: today, apply: true });
    expect(await reprice.run(applied)).toBe(0);
    expect(applied.terminal.noted).toEqual(["1 of 3 spans have a new cost."]);
    expect(await costNow()).toBe("2000000");
    const again = callOf({ url: server.url, from: today, to: "2199-01-01", apply: true });
    await expect(reprice.run(again)).rejects.toThrow("to");
    const last = callOf({ url: server.url, from: today });
    await reprice.run(last);
    expect(last.terminal.noted).toEqual(["3 spans looked at: every cost is what the present prices say."]);
  });

  it("says what it needs", async () => {
    await expect(reprice.run(callOf({ url: server.url }))).rejects.toMatchObject({ exitCode: 2 });
    await expect(reprice.run(callOf({ url: server.url, from: "yesterday" }))).rejects.toThrow("yesterday is not a day");
  });
});
