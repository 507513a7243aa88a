import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CostExplanation } from "../packages/server/src/api-types.ts";
import type { ServerProcess } from "../benchmarks/server/server-process.ts";
import { eventually } from "./otlp-json.ts";
import { removeServer, startServer } from "./started-server.ts";

/* Runs that vendors' SDKs tell in parts: whatever the order and whoever dies between, each is there once and whole. */

let server: ServerProcess;

beforeAll(async () => {
  server = await startServer();
}, 60_000);

afterAll(() => removeServer(server));

async function post(path: string, body: object): Promise<void> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(server.url + path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
}

interface Parts {
  readonly path: string;
  readonly created: object;
  readonly ended: object;
}

const usage = { input_tokens: 1000, output_tokens: 500, input_token_details: { cache_read: 400 } };

/** One call of a model as LangSmith's SDK tells it, in two parts; the project is its own. */
function langsmithParts(project: string): Parts {
  const id = randomUUID();
  const run = {
    id,
    trace_id: id,
    dotted_order: `20261124T001340938001Z${id}`,
    session_name: project,
    name: "ChatOpenAI",
    run_type: "llm",
  };
  const metadata = { ls_provider: "openai", ls_model_name: "gpt-4o" };
  const created = {
    ...run,
    inputs: { messages: [{ role: "user", content: "What is a telltale?" }] },
    extra: { metadata },
  };
  const outputs = { choices: [{ message: { role: "assistant", content: "A ribbon." } }] };
  const ended = { ...run, end_time: "2026-11-24T00:13:42Z", outputs, extra: { metadata: { usage_metadata: usage } } };
  return { path: "/runs/batch", created: { post: [created], patch: [] }, ended: { post: [], patch: [ended] } };
}

/** The same as Langfuse's SDK tells it. */
function langfuseParts(): Parts {
  const traceId = randomUUID();
  const id = randomUUID();
  const event = (type: string, body: object): object => ({
    id: randomUUID(),
    type,
    timestamp: "2026-11-24T00:13:43Z",
    body: { id, traceId, ...body },
  });
  const created = event("generation-create", {
    name: "ChatOpenAI",
    startTime: "2026-11-24T00:13:40.938001Z",
    model: "gpt-4o",
    input: [{ role: "user", content: "What is a telltale?" }],
  });
  const ended = event("generation-update", {
    endTime: "2026-11-24T00:13:42Z",
    output: { role: "assistant", content: "A ribbon." },
    usageDetails: { input: 600, input_cached_tokens: 400, output: 500, total: 1500 },
  });
  return { path: "/api/public/ingestion", created: { batch: [created] }, ended: { batch: [ended] } };
}

const ORDERS = [
  "created first",
  "ended first",
  "created first, engine killed between",
  "ended first, front killed between",
];

describe.each(["langsmith", "langfuse"])("a call told by %s in two requests", (sdk) => {
  it.each(ORDERS)(
    "is one span, billed once: %s",
    async (order) => {
      const project = randomUUID();
      const { path, created, ended } = sdk === "langsmith" ? langsmithParts(project) : langfuseParts();
      const parts = order.startsWith("created") ? [created, ended] : [ended, created];
      const where = sdk === "langsmith" ? `project = '${project}'` : "project = 'default'";
      const columns = "kind, end_time IS NOT NULL, input, output, toInt32(input_tokens), toInt32(output_tokens)";
      const sql = `SELECT ${columns}, toInt64(toUnixTimestamp64Micro(start_time)), toInt64(count() OVER ()), billed, cost_usd FROM spans WHERE ${where} AND name = 'ChatOpenAI'`;
      const before = sdk === "langfuse" ? (await server.query(sql)).length : 0;
      await post(path, parts[0]!);
      const which = /(engine|front) killed/.exec(order)?.[1] as "engine" | "front" | undefined;
      if (which !== undefined) {
        server.kill(which);
        if (which === "front") {
          await server.ended();
          await server.start();
        }
        await server.whenReady();
      }
      await post(path, parts[1]!);
      await post(path, parts[1]!);
      const isWhole = (row: readonly unknown[]): boolean => row[1] === true || row[1] === 1;
      const rows = await eventually(
        () => server.query(sql),
        (found) => found.length === before + 1 && found.every((row) => isWhole(row) && row[2] && row[3]),
      );
      expect(rows).toHaveLength(before + 1);
      for (const [kind, , input, output, tokensIn, tokensOut, start, , billed, cost] of rows) {
        expect([kind, tokensIn, tokensOut, billed === true || billed === 1]).toEqual(["llm", 1000, 500, true]);
        expect(String(input)).toContain("What is a telltale?");
        expect(String(output)).toContain("A ribbon.");
        expect(Number(start)).toBe(1795479220938001);
        // gpt-4o: $2.50 in, $1.25 from the cache, $10 out per million tokens.
        expect(Number(cost)).toBe(0.007);
      }
    },
    60_000,
  );
});

describe("kill -9 while runs come in", () => {
  it("loses no acknowledged run and shows none twice", async () => {
    const project = randomUUID();
    const acknowledged: string[] = [];
    let stop = false;
    const sender = async (): Promise<void> => {
      while (!stop) {
        const runs = Array.from({ length: 10 }, () => {
          const id = randomUUID();
          const order = `20261124T001340938001Z${id}`;
          const extra = { metadata: { ls_provider: "openai", ls_model_name: "gpt-4o", usage_metadata: usage } };
          const place = { id, trace_id: id, dotted_order: order, session_name: project };
          return { ...place, name: "run", run_type: "llm", end_time: "2026-11-24T00:13:42Z", extra };
        });
        try {
          await post("/runs/batch", { post: runs });
          acknowledged.push(...runs.map(({ id }) => id.replaceAll("-", "").slice(16)));
          await new Promise((resolve) => setTimeout(resolve, 40));
        } catch {
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
    };
    const senders = [sender(), sender()];
    for (const which of ["engine", "front", "engine"] as const) {
      await new Promise((resolve) => setTimeout(resolve, 400 + Math.random() * 600));
      server.kill(which);
      if (which === "front") {
        await server.ended();
        await server.start();
      }
      await server.whenReady();
    }
    stop = true;
    await Promise.all(senders);
    const sql = `SELECT span_id, toInt32(count()) FROM spans WHERE project = '${project}' GROUP BY span_id LIMIT 10000`;
    const rows = await eventually(
      () => server.query(sql),
      (found) => new Set(found.map(([id]) => id)).size >= acknowledged.length,
    );
    const found = new Set(rows.map(([id]) => String(id)));
    expect(acknowledged.filter((id) => !found.has(id))).toEqual([]);
    expect(rows.filter(([, count]) => count !== 1)).toEqual([]);
    // What they cost is kept by the hour: each call once as well, whoever died while it was counted.
    const asked = `from=${Date.UTC(2026, 10, 24)}&to=${Date.UTC(2026, 10, 25)}&project=${project}`;
    const cost = async (): Promise<CostExplanation> =>
      (await (await fetch(`${server.url}/api/v1/cost?${asked}`)).json()) as CostExplanation;
    const told = await eventually(cost, ({ calls }) => calls >= found.size);
    expect([told.calls, told.totalNanos]).toEqual([found.size, String(7_000_000 * found.size)]);
    expect(told.lines.map(({ calls }) => calls)).toEqual([found.size, found.size, found.size]);
  }, 120_000);
});
