import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RelatedTraces } from "../api-types.ts";
import { openTestStore, type TestStore } from "../query/testing/open-test-store.ts";
import { insertTrace, sqlTime, TEST_START, testSpanId, testTraceId } from "../query/testing/trace-rows.ts";
import { getRelatedTraces } from "./get-related-traces.ts";

let test: TestStore;

beforeAll(async () => {
  test = await openTestStore();
});

afterAll(() => test.close());

async function related(id: string): Promise<RelatedTraces> {
  const answer = (await getRelatedTraces.run({ traceId: testTraceId(id) }, test.reader)) as RelatedTraces;
  return getRelatedTraces.output.parse(answer);
}

/** Which traces, and how they are tied. */
async function tiesOf(id: string): Promise<Record<string, readonly string[]>> {
  const { related: traces } = await related(id);
  return Object.fromEntries(traces.map(({ trace, ties }) => [trace.traceId.replace(/^a+/, ""), ties]));
}

const DAY = 24 * 3_600_000;

describe("traces of one run that its sender split", () => {
  it("are found by the answer that two libraries tell, from either side, and counted once together", async () => {
    const answer = { kind: "llm", response_id: "chatcmpl-1" };
    const counts = { llm_calls: 1, input_tokens: 34, output_tokens: 38, cost_nanos: 27_900 };
    await insertTrace(test, {
      id: "11",
      columns: { root_name: "agent", ...counts },
      spans: [{ id: "11" }, { id: "12", parent: "11", after: 5, columns: { ...answer, scope_name: "langchain" } }],
    });
    await insertTrace(test, {
      id: "12",
      spans: [{ id: "13", after: 6, columns: { ...answer, scope_name: "openai", billing: "shadow" } }],
    });
    // A fake server's constant: the same library, or another time.
    const fake = { kind: "llm", response_id: "chatcmpl-0", scope_name: "langchain" };
    await insertTrace(test, { id: "13", spans: [{ id: "14", columns: fake }] });
    await insertTrace(test, { id: "15", spans: [{ id: "16", columns: fake }] });
    await insertTrace(test, {
      id: "14",
      spans: [{ id: "15", after: 60_000, columns: { ...answer, scope_name: "openai" } }],
    });
    expect(await tiesOf("11")).toEqual({ "12": ["answer"] });
    expect(await tiesOf("12")).toEqual({ "11": ["answer"] });
    expect(await tiesOf("13")).toEqual({});
    expect((await related("11")).together).toMatchObject({
      traces: 2,
      llmCalls: 1,
      inputTokens: 34,
      costNanos: "27900",
    });
  });

  it("are found by parents, links and calls of tools, over the traces between them", async () => {
    const at = TEST_START + DAY;
    const link = JSON.stringify([{ traceId: testTraceId("22"), spanId: testSpanId("x") }]);
    const call = { kind: "tool", tool_call_id: "call_9" };
    await insertTrace(test, { id: "21", start: at, spans: [{ id: "21", columns: call }, { id: "22" }] });
    await insertTrace(test, { id: "22", start: at, spans: [{ id: "23", parent: "22" }] });
    await insertTrace(test, { id: "23", start: at, spans: [{ id: "24", columns: call }] });
    await insertTrace(test, { id: "24", start: at, spans: [{ id: "25", columns: { links: link } }] });
    await insertTrace(test, { id: "25", start: at, spans: [{ id: "26" }] });
    await insertTrace(test, { id: "26", start: at + DAY, spans: [{ id: "27", columns: call }] });
    expect(await tiesOf("21")).toEqual({ "22": ["child"], "23": ["toolCall"], "24": ["link"] });
    expect(await tiesOf("22")).toEqual({ "21": ["parent"], "23": ["toolCall"], "24": ["link"] });
    expect((await related("22")).together.traces).toBe(4);
    expect((await related("25")).related).toEqual([]);
  });

  it("are told by time alone where a library puts no id into them, and left out of the sums", async () => {
    const at = TEST_START + 3 * DAY;
    const scope = { scope_name: "@traceloop/instrumentation-langchain", resource: '{"process.pid":1}' };
    const step = (id: string, after: number, ms: number, columns: object = {}) => ({
      id,
      start: at,
      columns: { llm_calls: 1 },
      spans: [{ id, after, columns: { ...scope, end_time: sqlTime(at + after + ms), ...columns } }],
    });
    for (const trace of [step("31", 0, 100), step("32", 10, 20), step("33", 40, 30), step("34", 200, 10)])
      await insertTrace(test, trace);
    await insertTrace(test, step("35", 20, 5, { resource: '{"process.pid":2}' }));
    await insertTrace(test, step("36", 20, 5, { scope_name: "other" }));
    expect(await tiesOf("31")).toEqual({ "32": ["time"], "33": ["time"] });
    expect(await tiesOf("33")).toEqual({ "31": ["time"], "32": ["time"] });
    const { splitBy, together } = await related("32");
    expect([splitBy, together.traces]).toEqual(["@traceloop/instrumentation-langchain", 1]);
    expect((await related("36")).splitBy).toBeNull();
  });

  it("are none where a program numbers the spans of each trace anew", async () => {
    const at = TEST_START + 4 * DAY;
    const spans = [{ id: "1" }, { id: "2", parent: "1" }];
    await insertTrace(test, { id: "41", start: at, spans });
    await insertTrace(test, { id: "42", start: at, spans });
    await insertTrace(test, { id: "43", start: at, spans: [{ id: "7", parent: "2" }] });
    expect(await tiesOf("41")).toEqual({ "43": ["child"] });
  });

  it("of which nothing is known are none", async () => {
    expect(await related("99")).toMatchObject({ related: [], together: { traces: 0, costNanos: null }, splitBy: null });
  });
});
