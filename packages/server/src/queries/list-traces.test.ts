import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TraceList } from "../api-types.ts";
import { openTestStore, type TestStore } from "../query/testing/open-test-store.ts";
import { insertTrace, sqlTime, TEST_START, testTraceId } from "../query/testing/trace-rows.ts";
import { listTraces } from "./list-traces.ts";

const HOUR = 3_600_000;
let test: TestStore;

beforeAll(async () => {
  test = await openTestStore();
  // Forty traces over forty days, so that windows of every size have to be walked; two begin together.
  for (let index = 0; index < 40; index++)
    await insertTrace(test, {
      id: String(index + 100),
      start: TEST_START - Math.floor(index / 2) * 47 * HOUR,
      durationMs: (index * 7919) % 1000,
      columns: {
        project: index % 4 === 0 ? "shop" : "default",
        cost_nanos: index % 3 === 0 ? null : String(index * 1_000_000_000_000),
        input_tokens: index % 5 === 0 ? null : index,
        span_count: index,
        error_count: index % 2,
      },
    });
});

afterAll(() => test.close());

async function list(input: { [name: string]: unknown }): Promise<TraceList> {
  const answer = await listTraces.run(listTraces.input.parse(input), test.reader);
  return listTraces.output.parse(answer);
}

async function walk(input: { [name: string]: unknown }, limit: number): Promise<TraceList["traces"]> {
  const traces: TraceList["traces"] = [];
  let cursor: string | null | undefined;
  do {
    const page = await list({ ...input, limit, ...(cursor ? { cursor } : {}) });
    expect(page.traces.length).toBeLessThanOrEqual(limit);
    traces.push(...page.traces);
    cursor = page.nextCursor;
  } while (cursor);
  return traces;
}

describe("list-traces", () => {
  it.each(["startTime", "durationMs", "costNanos", "totalTokens", "spanCount", "errorCount"])(
    "pages through every trace once, whatever the page size, by %s",
    async (sort) => {
      for (const order of ["asc", "desc"]) {
        const whole = await walk({ sort, order }, 200);
        expect(new Set(whole.map(({ traceId }) => traceId)).size).toBe(40);
        const small = await walk({ sort, order }, 7);
        expect(small.map(({ traceId }) => traceId)).toEqual(whole.map(({ traceId }) => traceId));
      }
    },
  );

  it("has the newest first, and unknown costs last in either order", async () => {
    const starts = (await walk({}, 9)).map(({ startTime }) => startTime);
    expect(starts).toEqual(starts.toSorted((a, b) => b - a));
    for (const order of ["asc", "desc"]) {
      const costs = (await walk({ sort: "costNanos", order }, 11)).map(({ costNanos }) => costNanos);
      expect(costs.slice(-14)).toEqual(Array.from({ length: 14 }, () => null));
      expect(costs.slice(0, 26)).not.toContain(null);
    }
  });

  it("leaves out other projects and times, and counts only what passes the filter", async () => {
    expect(await walk({ project: "shop" }, 3)).toHaveLength(10);
    const range = await walk({ from: TEST_START - 10 * 47 * HOUR, to: TEST_START - 5 * 47 * HOUR }, 3);
    expect(range.map(({ startTime }) => (TEST_START - startTime) / (47 * HOUR))).toEqual([
      6, 6, 7, 7, 8, 8, 9, 9, 10, 10,
    ]);
    expect(await walk({ filter: "errors:>0 -project:shop" }, 50)).toHaveLength(20);
  });

  it("does not repeat or lose a trace when others arrive between two pages", async () => {
    const before = await walk({}, 200);
    const first = await list({ limit: 10 });
    await insertTrace(test, { id: "900", start: TEST_START + HOUR });
    const second = await list({ limit: 10, cursor: first.nextCursor });
    expect([...first.traces, ...second.traces].map(({ traceId }) => traceId)).toEqual(
      before.slice(0, 20).map(({ traceId }) => traceId),
    );
  });

  it("finds a trace in its place when its start lies long before the hour it is filed under", async () => {
    // The root arrives last: its children filed the trace under their hour.
    await insertTrace(test, {
      id: "901",
      start: TEST_START - 100 * HOUR,
      columns: { filed_at: sqlTime(TEST_START).slice(0, 19), root_name: "late" },
    });
    const traces = await walk({}, 3);
    const place = traces.findIndex(({ traceId }) => traceId === testTraceId("901"));
    expect(traces[place - 1]!.startTime).toBeGreaterThanOrEqual(TEST_START - 100 * HOUR);
    expect(traces[place + 1]!.startTime).toBeLessThanOrEqual(TEST_START - 100 * HOUR);
  });

  it("puts a trace of a clock that runs ahead where it arrived", async () => {
    await insertTrace(test, {
      id: "902",
      start: TEST_START + 400 * 24 * HOUR,
      columns: { filed_at: sqlTime(TEST_START - 5 * 24 * HOUR).slice(0, 13) + ":00:00" },
    });
    const newest = await list({ limit: 5 });
    expect(newest.traces.map(({ traceId }) => traceId)).not.toContain(testTraceId("902"));
    expect((await walk({}, 5)).map(({ traceId }) => traceId)).toContain(testTraceId("902"));
  });

  it("finds spans that began hours after their trace", async () => {
    await insertTrace(test, {
      id: "903",
      start: TEST_START + 2 * HOUR,
      durationMs: 30 * HOUR,
      spans: [{ id: "1" }, { id: "2", after: 29 * HOUR, columns: { tool_name: "slow" } }],
    });
    expect((await list({ filter: "tool:slow" })).traces).toHaveLength(1);
    expect((await list({ filter: "tool:slow", from: TEST_START, to: TEST_START + 3 * HOUR })).traces).toHaveLength(1);
    expect((await list({ filter: "tool:slow", from: TEST_START + 3 * HOUR })).traces).toHaveLength(0);
  });

  it("asks few traces only for their spans, where part of a filter is known of traces", async () => {
    for (const [index, model] of ["mini", "maxi", "mini", "mini"].entries())
      await insertTrace(test, {
        id: `few${index}`,
        start: TEST_START - index * HOUR,
        columns: { project: "few", error_count: index === 3 ? 0 : 9 },
        spans: [{ id: "1", columns: { project: "few", request_model: model } }],
      });
    const found = async (filter: string) => (await walk({ filter, project: "few" }, 1)).map(({ traceId }) => traceId);
    expect(await found("errors:>5 model:mini")).toEqual([testTraceId("few0"), testTraceId("few2")]);
    expect(await found("errors:>5 -model:mini")).toEqual([testTraceId("few1")]);
    expect(await found("errors:>9 model:mini")).toEqual([]);
    expect(await found("errors:>5 OR model:mini")).toHaveLength(4);
  });

  it("does not look at the whole table for the newest", async () => {
    test.statements.length = 0;
    await list({ limit: 1 });
    const scans = test.statements.filter((sql) => sql.includes("FINAL") && !sql.includes("filed_at"));
    expect(scans).toEqual([]);
  });

  it("says what is wrong with a filter or a cursor", async () => {
    await expect(list({ filter: "a modle:x" })).rejects.toMatchObject({
      status: 400,
      code: "bad-filter",
      message: 'filter, at character 3: there is no field "modle"',
      hint: "did you mean model?",
    });
    for (const cursor of ["x", "e30", Buffer.from('["costNanos.desc","1","a"]').toString("base64url")])
      await expect(list({ cursor })).rejects.toMatchObject({ status: 400, code: "bad-cursor" });
  });
});
