import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ServerProcess } from "../benchmarks/server/server-process.ts";
import { chat, eventually, logsJson, send, tracesJson, type TestSpan } from "./otlp-json.ts";
import { removeServer, startServer } from "./started-server.ts";

/* Spans that come late, twice, in parts, in the wrong order: the store tells each once, and right. */

let server: ServerProcess;

beforeAll(async () => {
  server = await startServer();
}, 60_000);

afterAll(() => removeServer(server));

const newTrace = (): string => randomBytes(16).toString("hex");
const newSpan = (): string => randomBytes(8).toString("hex");

async function spansOf(traceId: string, count: number, columns: string): Promise<unknown[][]> {
  const sql = `SELECT ${columns} FROM spans WHERE trace_id = '${traceId}' ORDER BY start_time, span_id`;
  return eventually(
    () => server.query(sql),
    (rows) => rows.length >= count,
  );
}

async function traceOf(
  traceId: string,
  columns: string,
  wanted: (row: unknown[]) => boolean,
): Promise<unknown[] | undefined> {
  const sql = `SELECT ${columns} FROM traces WHERE trace_id = '${traceId}'`;
  const rows = await eventually(
    () => server.query(sql),
    (found) => found[0] !== undefined && wanted(found[0]),
  );
  return rows[0];
}

async function spendCalls(): Promise<number> {
  const answer = (await (await fetch(`${server.url}/api/v1/spend?by=model&interval=day`)).json()) as {
    series: { calls: (number | null)[] }[];
  };
  return answer.series.flatMap((one) => one.calls).reduce<number>((sum, calls) => sum + (calls ?? 0), 0);
}

describe("the same batch five times, also after a restart", () => {
  it("is stored, summed and priced once", async () => {
    const traceId = newTrace();
    const before = await spendCalls();
    const spans: TestSpan[] = Array.from({ length: 40 }, (_, index) => ({
      traceId,
      spanId: newSpan(),
      start: index,
      attributes: chat(1000, 500),
    }));
    const body = tracesJson(spans);
    await send(server.url, "traces", body);
    await send(server.url, "traces", body);
    await spansOf(traceId, 40, "span_id");
    await send(server.url, "traces", body);
    server.kill("engine");
    await send(server.url, "traces", body);
    await server.whenReady();
    await send(server.url, "traces", body);
    const marker = newTrace();
    await send(server.url, "traces", tracesJson([{ traceId: marker, spanId: newSpan() }]));
    await spansOf(marker, 1, "span_id");
    expect(await spansOf(traceId, 40, "span_id")).toHaveLength(40);
    const [count, tokens, cost] = (await traceOf(traceId, "span_count, total_tokens, cost_usd", () => true))!;
    // gpt-4o since 2024-08-06: $2.50 in, $10 out per million tokens.
    expect([Number(count), Number(tokens), Number(cost)]).toEqual([40, 60_000, 0.3]);
    expect((await spendCalls()) - before).toBe(40);
  }, 60_000);
});

describe("content in log records", () => {
  const message = (text: string): object => ({
    kvlistValue: { values: [{ key: "content", value: { stringValue: text } }] },
  });
  const choice = (text: string): object => ({
    kvlistValue: {
      values: [
        { key: "index", value: { intValue: "0" } },
        { key: "finish_reason", value: { stringValue: "stop" } },
        {
          key: "message",
          value: {
            kvlistValue: {
              values: [
                { key: "content", value: { stringValue: text } },
                { key: "role", value: { stringValue: "assistant" } },
              ],
            },
          },
        },
      ],
    },
  });
  const logsOf = (traceId: string, spanId: string): string =>
    logsJson([
      { traceId, spanId, eventName: "gen_ai.user.message", time: 1, body: message("What is a telltale?") },
      { traceId, spanId, eventName: "gen_ai.choice", time: 90, body: choice("A ribbon on a sail.") },
    ]);

  it.each(["logs first", "span first", "span first, engine killed between"])(
    "joins its span: %s",
    async (order) => {
      const traceId = newTrace();
      const spanId = newSpan();
      const span = tracesJson([{ traceId, spanId, attributes: chat(10, 5) }]);
      const parts: ["traces" | "logs", string][] = [
        ["traces", span],
        ["logs", logsOf(traceId, spanId)],
      ];
      if (order === "logs first") parts.reverse();
      await send(server.url, parts[0]![0], parts[0]![1]);
      if (order !== "logs first") await spansOf(traceId, 1, "span_id");
      if (order.endsWith("between")) {
        server.kill("engine");
        await server.whenReady();
      }
      await send(server.url, parts[1]![0], parts[1]![1]);
      const ask = (): Promise<unknown[][]> =>
        server.query(`SELECT input, output, billed, input_tokens FROM spans WHERE trace_id = '${traceId}'`);
      const rows = await eventually(ask, (found) => String(found[0]?.[1] ?? "").includes("ribbon"));
      expect(rows).toHaveLength(1);
      expect(rows[0]![0]).toContain("What is a telltale?");
      expect(rows[0]![1]).toContain("A ribbon on a sail.");
      expect(Number(rows[0]![3])).toBe(10);
    },
    60_000,
  );
});

describe("a parent that repeats its children's usage", () => {
  it.each(["children first", "parent first"])(
    "is not counted: %s",
    async (order) => {
      const traceId = newTrace();
      const root = newSpan();
      const parent: TestSpan = {
        traceId,
        spanId: root,
        end: 300,
        attributes: { ...chat(30, 12), "gen_ai.operation.name": "invoke_agent" },
      };
      const children: TestSpan[] = [
        { traceId, spanId: newSpan(), parentSpanId: root, start: 10, end: 100, attributes: chat(10, 5) },
        { traceId, spanId: newSpan(), parentSpanId: root, start: 110, end: 290, attributes: chat(20, 7) },
      ];
      const batches = [[parent], children];
      if (order === "children first") batches.reverse();
      const before = await spendCalls();
      await send(server.url, "traces", tracesJson(batches[0]!));
      await spansOf(traceId, batches[0]!.length, "span_id");
      await send(server.url, "traces", tracesJson(batches[1]!));
      expect(
        await traceOf(
          traceId,
          "toInt32(span_count), toInt32(input_tokens), toInt32(output_tokens), toInt32(llm_calls)",
          (row) => row[0] === 3,
        ),
      ).toEqual([3, 30, 12, 2]);
      const billed = await spansOf(traceId, 3, "kind, billed");
      expect(billed.filter((row) => row[1] === true || row[1] === 1).map((row) => row[0])).toEqual(["llm", "llm"]);
      expect((await spendCalls()) - before).toBe(2);
    },
    60_000,
  );
});

describe("one bad span", () => {
  it("does not cost its neighbours", async () => {
    const traceId = newTrace();
    const good = newSpan();
    const body = tracesJson([
      { traceId: "0".repeat(32), spanId: newSpan() },
      { traceId, spanId: good, attributes: { "custom.flag": true, "custom.share": 0.5, "custom.count": 7 } },
    ]);
    const response = await fetch(`${server.url}/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      partialSuccess: { rejectedSpans: expect.anything(), errorMessage: expect.stringContaining("trace") },
    });
    expect(
      await spansOf(
        traceId,
        1,
        "span_id, attributes.custom.flag, attributes.custom.share, toInt32(attributes.custom.count)",
      ),
    ).toEqual([[good, true, 0.5, 7]]);
  });

  it("with hostile attributes is stored as told and harms nothing", async () => {
    const traceId = newTrace();
    const attributes = {
      "__proto__.polluted": "yes",
      "constructor.prototype.x": 1,
      a: "x",
      "a.b": 2,
      "": "empty",
      "..": "dots",
      "x'); DROP TABLE spans": "sql",
      nul: "a\u0000b",
      lone: "\ud83d",
    };
    await send(server.url, "traces", tracesJson([{ traceId, spanId: newSpan(), attributes }]));
    const rows = await spansOf(traceId, 1, "attributes.a.b, `attributes`.`__proto__`.polluted");
    expect(rows).toHaveLength(1);
    expect(String(rows[0]![1])).toBe("yes");
  });
});

describe("kill -9 while spans come in", () => {
  it("loses no acknowledged span and shows none twice", async () => {
    const acknowledged: string[] = [];
    const traceId = newTrace();
    let stop = false;
    const sender = async (): Promise<void> => {
      while (!stop) {
        const spans = Array.from({ length: 20 }, () => ({ traceId, spanId: newSpan(), attributes: chat(3, 2) }));
        try {
          await send(server.url, "traces", tracesJson(spans));
          acknowledged.push(...spans.map((span) => span.spanId));
          // The answer with all ids below may have 10,000 rows.
          await new Promise((resolve) => setTimeout(resolve, 40));
        } catch {
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
    };
    const senders = [sender(), sender(), sender()];
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
    const sql = `SELECT span_id, count() FROM spans WHERE trace_id = '${traceId}' GROUP BY span_id`;
    const rows = await eventually(
      () => server.query(sql),
      (found) => found.length >= acknowledged.length,
    );
    const counts = new Map(rows.map(([spanId, count]) => [spanId, Number(count)]));
    expect(acknowledged.length).toBeGreaterThan(100);
    expect(acknowledged.filter((spanId) => counts.get(spanId) !== 1)).toEqual([]);
    expect([...counts.values()].every((count) => count === 1)).toBe(true);
    const [summed] = (await traceOf(traceId, "toInt32(span_count)", (row) => row[0] === rows.length))!;
    expect(summed).toBe(rows.length);
  }, 90_000);
});
