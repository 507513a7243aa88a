import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TraceSkeleton } from "../api-types.ts";
import { WrittenAnswer } from "../query.ts";
import { openTestStore, type TestStore } from "../query/testing/open-test-store.ts";
import { insertTrace, sqlTime, TEST_START, testSpanId, testTraceId } from "../query/testing/trace-rows.ts";
import { getTrace } from "./get-trace.ts";

let test: TestStore;

beforeAll(async () => {
  test = await openTestStore();
});

afterAll(() => test.close());

async function skeleton(id: string, join?: string): Promise<TraceSkeleton> {
  const answer = await getTrace.run({ traceId: testTraceId(id), join }, test.reader);
  const json = answer instanceof WrittenAnswer ? Buffer.concat(answer.pieces).toString() : JSON.stringify(answer);
  return getTrace.output.parse(JSON.parse(json));
}

describe("get-trace", () => {
  it("gives every span in order of start as parallel columns", async () => {
    await insertTrace(test, {
      id: "1",
      columns: { root_name: "run" },
      spans: [
        {
          id: "3",
          parent: "2",
          after: 30,
          columns: {
            name: "chat",
            kind: "llm",
            request_model: "gpt-4o",
            input_tokens: 12,
            cost_nanos: "9007199254740993",
            billing: "billed",
            input_preview: 'a "quoted"\nline',
            output_preview: "é",
          },
        },
        { id: "1", after: 0, columns: { name: "run", kind: "workflow", end_time: null } },
        { id: "2", parent: "1", after: 10.5, columns: { name: "chat", agent_name: "triage", input_preview: "x" } },
      ],
    });
    const trace = await skeleton("1");
    const text = (indexes: readonly number[]): string[] => indexes.map((index) => trace.strings[index]!);
    expect(trace.spanId).toEqual(["1", "2", "3"].map(testSpanId));
    expect(trace.parent).toEqual([-1, 0, 1]);
    expect(trace.start).toEqual([0, 10, 30]);
    expect(trace.duration).toEqual([null, 10, 10]);
    expect(trace.origin).toBe(TEST_START);
    expect(text(trace.name)).toEqual(["run", "chat", "chat"]);
    expect(trace.name[1]).toBe(trace.name[2]);
    expect(text(trace.kind)).toEqual(["workflow", "span", "llm"]);
    expect(text(trace.model)).toEqual(["", "", "gpt-4o"]);
    expect(text(trace.agentName)).toEqual(["", "triage", ""]);
    expect(text(trace.billing)).toEqual(["none", "none", "billed"]);
    expect(text(trace.inputPreview)).toEqual(["", "x", 'a "quoted"\nline']);
    expect(text(trace.outputPreview)).toEqual(["", "", "é"]);
    expect(trace.inputTokens).toEqual([null, null, 12]);
    expect(trace.costNanos).toEqual([null, null, "9007199254740993"]);
    expect(trace.total).toBe(3);
    expect(trace.summary.rootName).toBe("run");
  });

  it("marks what is a lower bound, and reads the texts of costs only where there is any", async () => {
    const call = (reason: string, cost_nanos: string | null): { [column: string]: unknown } => {
      const lines = [
        { model: 'says "reason":"no"', bucket: "input", tokens: 1, nanosPerMillion: "1", price: "p", source: "s" },
      ];
      const cost = JSON.stringify({ currency: "USD", lines, ...(reason === "" ? {} : { reason }) });
      return { kind: "llm", billing: "billed", cost, cost_nanos };
    };
    const spans = [
      { id: "1", columns: call("partial-usage", "5") },
      { id: "2", after: 1, columns: call("", "5") },
      { id: "3", after: 2, columns: call("no-price", null) },
    ];
    await insertTrace(test, { id: "31", columns: { unpriced_calls: 2 }, spans });
    expect((await skeleton("31")).isLowerBound).toEqual([1, 0, 0]);
    test.statements.length = 0;
    expect((await skeleton("1")).isLowerBound).toEqual([0, 0, 0]);
    expect(test.statements.join("\n")).not.toMatch(/\bcost LIKE\b/);
  });

  it("reads no content of spans", async () => {
    test.statements.length = 0;
    await skeleton("1");
    expect(test.statements.join(" ")).not.toMatch(/\b(input|output|attributes)\b/);
  });

  it("breaks circles and tells missing parents from none", async () => {
    await insertTrace(test, {
      id: "2",
      spans: [
        { id: "1", parent: "3", after: 1 },
        { id: "2", parent: "1", after: 2 },
        { id: "3", parent: "2", after: 3 },
        { id: "4", parent: "4", after: 4 },
        { id: "5", parent: "99", after: 5 },
        { id: "6", parent: "3", after: 6 },
      ],
    });
    expect((await skeleton("2")).parent).toEqual([-1, 0, 1, -1, -2, 2]);
  });

  it("shows a span once while its correction is half stored", async () => {
    await insertTrace(test, {
      id: "3",
      columns: { span_count: 1 },
      spans: [
        { id: "1", columns: { name: "old" } },
        { id: "1", columns: { name: "new" } },
      ],
    });
    const trace = await skeleton("3");
    expect(trace.strings[trace.name[0]!]).toBe("new");
    expect(trace.spanId).toHaveLength(1);
  });

  it("finds spans that are filed far from their trace", async () => {
    await insertTrace(test, {
      id: "4",
      spans: [
        { id: "1" },
        { id: "2", parent: "1", columns: { hour: sqlTime(TEST_START + 90_000_000).slice(0, 13) + ":00:00" } },
      ],
    });
    expect((await skeleton("4")).spanId).toHaveLength(2);
  });

  it("answers a trace whose spans are not there", async () => {
    await insertTrace(test, { id: "5", columns: { span_count: 3 } });
    expect(await skeleton("5")).toMatchObject({ spanId: [], parent: [], inputPreview: [], total: 3 });
  });

  it("says so when there is no such trace", async () => {
    await expect(skeleton("99")).rejects.toMatchObject({ status: 404, code: "unknown-trace" });
  });
});

/** What a joined skeleton is, in words: `trace/span < trace/span above (by what)`. */
function treeOf({ spanId, parent, joined }: TraceSkeleton): string[] {
  const nameOf = (span: number): string => {
    const trace = joined?.traces[joined.trace[span]!]?.traceId ?? "";
    return `${trace.replace(/^a+/, "")}/${spanId[span]!.replace(/^b+/, "")}`;
  };
  const ties = new Map(joined?.hung.map(({ span, tie }) => [span, tie]));
  return spanId.map((_, span) => {
    const above = parent[span]!;
    return `${nameOf(span)} < ${above < 0 ? above : nameOf(above)}${ties.has(span) ? ` (${ties.get(span)})` : ""}`;
  });
}

describe("get-trace, joined", () => {
  const at = TEST_START + 86_400_000;
  const call = { tool_call_id: "call_1" };
  const answer = { kind: "llm", response_id: "chatcmpl-1", billing: "billed" };
  const until = (after: number): { end_time: string } => ({ end_time: sqlTime(at + after) });

  beforeAll(async () => {
    const link = JSON.stringify([{ traceId: testTraceId("21"), spanId: testSpanId("2") }]);
    await insertTrace(test, {
      id: "21",
      start: at,
      columns: { root_name: "agent", llm_calls: 1, input_tokens: 5, output_tokens: 2, cost_nanos: 7 },
      durationMs: 100,
      spans: [
        { id: "1", columns: until(100) },
        { id: "2", parent: "1", after: 10, columns: { ...call, ...until(40) } },
        { id: "3", parent: "1", after: 50, columns: { ...answer, ...until(80), scope_name: "agents" } },
      ],
    });
    // Each of another kind of tie; the ids of spans are the same in two of them.
    await insertTrace(test, { id: "22", start: at, spans: [{ id: "9", parent: "3", after: 55 }] });
    await insertTrace(test, { id: "23", start: at, spans: [{ id: "9", after: 20, columns: call }] });
    const shadow = { ...answer, billing: "shadow", scope_name: "openai", ...until(79) };
    await insertTrace(test, { id: "24", start: at, spans: [{ id: "8", after: 51, columns: shadow }] });
    await insertTrace(test, {
      id: "25",
      start: at,
      durationMs: 5000,
      columns: { llm_calls: 2, error_count: 1, cost_nanos: "9007199254740993", unpriced_calls: 1 },
      spans: [
        { id: "7", after: 4000, columns: { links: link } },
        { id: "6", parent: "7", after: 4001 },
      ],
    });
  });

  it("is one tree of all traces that ids tie together, from whichever of them it is asked", async () => {
    const wanted = [
      "21/1 < -1",
      "21/2 < 21/1",
      "23/9 < 21/2 (toolCall)",
      "21/3 < 21/1",
      "24/8 < 21/3 (answer)",
      "22/9 < 21/3 (parent)",
      "25/7 < 21/2 (link)",
      "25/6 < 25/7",
    ];
    for (const id of ["21", "22", "24", "25"]) {
      const trace = await skeleton(id, "tied");
      expect(treeOf(trace)).toEqual(wanted);
      expect(trace.summary.traceId).toBe(testTraceId(id));
    }
  });

  it("adds up what its traces cost, exactly, and says from when to when they ran", async () => {
    const { joined, origin, total } = await skeleton("23", "tied");
    expect(joined?.together).toMatchObject({
      traces: 5,
      startTime: at,
      durationMs: 5000,
      spanCount: 8,
      llmCalls: 3,
      errorCount: 1,
      unpricedCalls: 1,
      inputTokens: 5,
      costNanos: "9007199254741000",
    });
    expect([origin, total, joined?.leftOut, joined?.more]).toEqual([at, 8, 0, false]);
  });

  it("takes the traces that are named, in either letter case, and says how many of them are not there", async () => {
    const trace = await skeleton("22", `${testTraceId("21").toUpperCase()},${testTraceId("88")},${testTraceId("24")}`);
    expect(treeOf(trace)).toContain("24/8 < 21/3 (answer)");
    expect([trace.joined?.traces.length, trace.joined?.leftOut]).toEqual([3, 1]);
  });

  it("is told alone without being asked, and where nothing is tied to it", async () => {
    expect((await skeleton("21")).joined).toBeNull();
    expect((await skeleton("21")).spanId).toHaveLength(3);
    expect((await skeleton("1", "tied")).joined).toBeNull();
  });

  it("is joined with 100 traces at most, and says that there are more", async () => {
    const start = TEST_START + 2 * 86_400_000;
    await insertTrace(test, { id: "500", start, spans: [{ id: "1" }] });
    for (let child = 0; child < 103; child++)
      await insertTrace(test, { id: String(600 + child), start, spans: [{ id: "2", parent: "1", after: child }] });
    const { joined, spanId } = await skeleton("500", "tied");
    expect([joined?.traces.length, joined?.hung.length, spanId.length, joined?.more]).toEqual([101, 100, 101, true]);
    const named = Array.from({ length: 101 }, (_, child) => testTraceId(String(600 + child)));
    expect(getTrace.input.safeParse({ traceId: testTraceId("500"), join: named.join(",") }).success).toBe(false);
    expect(getTrace.input.safeParse({ traceId: testTraceId("500"), join: "all" }).success).toBe(false);
  });
});
