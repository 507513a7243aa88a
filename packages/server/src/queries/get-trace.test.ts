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

async function skeleton(id: string): Promise<TraceSkeleton> {
  const answer = await getTrace.run({ traceId: testTraceId(id) }, test.reader);
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
