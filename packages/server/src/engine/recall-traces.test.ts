import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JournalEntry } from "../journal/journal.ts";
import { pipeline } from "../pipeline.ts";
import { migrate } from "../schema/migrate.ts";
import { openTestChdb, type TestEngine } from "../store/testing/open-test-engines.ts";
import { type AppliedBatch, BatchApplier } from "./apply-batch.ts";
import { decodeEntry, emptyBatch } from "./decode-batch.ts";
import { insertRows } from "./insert-batch.ts";
import { TraceCache } from "./trace-cache.ts";

const STEPS = pipeline();
const TRACE = "0af7651916cd43dd8448eb211c80319c";
const START = 1_790_000_000n * 1_000_000_000n;

function entryOf(spanId: string, start: bigint, attributes: Readonly<Record<string, string>>): JournalEntry {
  const pairs = Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  const span = {
    traceId: TRACE,
    spanId,
    name: "chat",
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + 5_000_000n),
    attributes: pairs,
  };
  const body = Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }));
  return { signal: "traces", encoding: "json", project: "", receivedAt: START + 10_000_000_000n, body };
}

describe("a batch done again after a crash", () => {
  let engine: TestEngine;
  beforeEach(async () => {
    engine = await openTestChdb();
    await migrate(engine.store);
  });
  afterEach(() => engine.close());

  /** As a process that has just started does it. */
  async function apply(entry: JournalEntry, batch: number): Promise<AppliedBatch> {
    const cache = new TraceCache(engine.store);
    await cache.open();
    const decoded = emptyBatch();
    decodeEntry(entry, STEPS, decoded);
    return new BatchApplier(engine.store, cache, STEPS).apply(decoded, batch);
  }

  it("knows the session and the second of a trace of which a merge has left its own summary only", async () => {
    const first = entryOf("00000000000000a1", START, { "gen_ai.conversation.id": "session-7" });
    const second = entryOf("00000000000000a2", START + 3_000_000_000n, {});
    for (const [index, entry] of [first, second].entries())
      for (const insert of (await apply(entry, index + 1)).inserts)
        await insertRows(engine.store, insert, String(index + 1));
    await engine.store.exec("OPTIMIZE TABLE telltale_data.trace_summaries FINAL");

    const [summary] = (await apply(second, 2)).traces;
    expect(summary).toMatchObject({ session_id: "session-7", span_count: 2, filed_at: 1_790_000_000 });
  });

  it("counts an answer once that two traces tell, also when the second comes after a restart", async () => {
    const usage = { "gen_ai.response.id": "chatcmpl-1", "gen_ai.operation.name": "chat" };
    const layer = (traceId: string, scope: string): JournalEntry => {
      const entry = entryOf("00000000000000a1", START, usage);
      const told = JSON.parse(Buffer.from(entry.body).toString()) as {
        resourceSpans: [{ scopeSpans: [{ scope?: object; spans: [{ traceId: string; attributes: object[] }] }] }];
      };
      const [inScope] = told.resourceSpans[0].scopeSpans;
      inScope.scope = { name: scope };
      inScope.spans[0].traceId = traceId;
      inScope.spans[0].attributes.push({ key: "gen_ai.usage.input_tokens", value: { intValue: "7" } });
      return { ...entry, body: Buffer.from(JSON.stringify(told)) };
    };
    const first = await apply(layer(TRACE, "langchain"), 1);
    for (const insert of first.inserts) await insertRows(engine.store, insert, "1");
    const other = "1".repeat(32);
    const second = await apply(layer(other, "openai"), 2);
    expect([first, second].map(({ traces: [trace] }) => [trace?.llm_calls, trace?.input_tokens])).toEqual([
      [1, 7],
      [0, null],
    ]);
    // The same batch again, of which the crash left the rows.
    for (const insert of second.inserts) await insertRows(engine.store, insert, "2");
    expect((await apply(layer(other, "openai"), 2)).traces[0]).toMatchObject({ input_tokens: null });
  });
});
