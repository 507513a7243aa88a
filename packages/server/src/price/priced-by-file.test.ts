import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { CostExplanation } from "../api-types.ts";
import { type RunningServer, startServer } from "../start-server.ts";

const directory = mkdtempSync(join(tmpdir(), "telltale-own-prices-"));
const json = { "content-type": "application/json" };
let server: RunningServer;

beforeAll(async () => {
  server = await startServer({ port: 0, host: "127.0.0.1", dataDirectory: directory });
  await server.whenReady();
}, 60_000);

afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

/** A call of 1,000 input tokens, by OTLP. */
async function send(traceId: string): Promise<void> {
  const text = (key: string, stringValue: string): object => ({ key, value: { stringValue } });
  const start = BigInt(Date.now()) * 1_000_000n;
  const span = {
    traceId,
    spanId: traceId.slice(0, 16),
    name: "chat house-1",
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + 5_000_000n),
    attributes: [
      text("gen_ai.operation.name", "chat"),
      text("gen_ai.provider.name", "acme"),
      text("gen_ai.response.model", "house-1"),
      { key: "gen_ai.usage.input_tokens", value: { intValue: "1000" } },
    ],
  };
  const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
  expect((await fetch(`${server.url}/v1/traces`, { method: "POST", headers: json, body })).status).toBe(200);
}

async function costOf(traceId: string): Promise<CostExplanation> {
  for (let tries = 0; tries < 100; tries++) {
    const answer = (await (await fetch(`${server.url}/api/v1/cost?traceId=${traceId}`)).json()) as CostExplanation;
    if (answer.calls > 0) return answer;
    await sleep(100);
  }
  throw new Error("the call did not arrive");
}

it("prices a call by a file that was put by the API, from a second after", async () => {
  const before = "a".repeat(32);
  await send(before);
  expect(await costOf(before)).toMatchObject({ unknown: [{ model: "house-1", reason: "no-price", calls: 1 }] });
  const file = { prices: [{ name: "house", provider: "acme", model: "house-*", tokens: { input: "2" } }] };
  const put = await fetch(`${server.url}/api/v1/prices`, { method: "PUT", headers: json, body: JSON.stringify(file) });
  expect(put.status).toBe(200);
  // The engine looks at the file once a second.
  await sleep(1100);
  const after = "b".repeat(32);
  await send(after);
  const told = await costOf(after);
  expect(told).toMatchObject({ totalNanos: "2000000", unpricedCalls: 0, roundingNanos: "0" });
  expect(told.lines).toMatchObject([{ price: "custom/house", source: "telltale.prices.json", count: "1000" }]);
}, 60_000);
