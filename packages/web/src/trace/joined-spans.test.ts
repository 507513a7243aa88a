import type { TraceSkeleton } from "@telltale/server/api-types";
import { describe, expect, it } from "vitest";
import { largeTrace } from "../fixture/large-trace.ts";
import { placeOfKey, runSummary, spanKey, traceBegins } from "./joined-spans.ts";
import { findRepeatGroups } from "./repeat-groups.ts";
import { buildTraceIndex } from "./trace-index.ts";
import { carryOpenState, initialOpenState, setRowOpen } from "./visible-rows.ts";

const alone = largeTrace(3, "deep");
const own = alone.summary.traceId;
const other = "f".repeat(32);

/** The trace below a span of another: four spans, of which the first has the same id as one of the trace's. */
const joined: TraceSkeleton = {
  ...largeTrace(4, "deep"),
  spanId: [alone.spanId[1]!, ...alone.spanId],
  joined: {
    traces: [{ ...alone.summary, traceId: other, startTime: alone.summary.startTime - 5 }, alone.summary],
    trace: [0, 1, 1, 1],
    hung: [{ span: 1, tie: "answer" }],
    together: {
      traces: 2,
      startTime: alone.summary.startTime - 5,
      durationMs: 500,
      status: "error",
      spanCount: 4,
      llmCalls: 7,
      toolCalls: 0,
      errorCount: 1,
      unpricedCalls: 0,
      inputTokens: 1,
      outputTokens: null,
      costNanos: "9007199254740993",
    },
    leftOut: 0,
    more: false,
  },
};

describe("spans of several traces", () => {
  const index = buildTraceIndex(joined);

  it("have a key of their own that says where they are stored, and keep it when their trace is shown alone", () => {
    const keys = joined.spanId.map((_, span) => spanKey(joined, span));
    expect(keys).toEqual([`${other}:${alone.spanId[1]}`, ...alone.spanId]);
    expect(keys.map((key) => index.find(key))).toEqual([0, 1, 2, 3]);
    expect(keys.slice(1)).toEqual(alone.spanId.map((_, span) => spanKey(alone, span)));
    expect(placeOfKey(keys[0]!, own)).toEqual({ traceId: other, spanId: alone.spanId[1] });
    expect(placeOfKey(keys[1]!, own)).toEqual({ traceId: own, spanId: alone.spanId[0] });
    expect(index.find("nothing:like:it")).toBeUndefined();
  });

  it("say where another trace begins, and by what it is tied", () => {
    expect([...traceBegins(index)]).toEqual([
      [1, { traceId: own, isOwn: true, tie: "answer" }],
      [0, { traceId: other, isOwn: false, tie: null }],
    ]);
    expect(traceBegins(buildTraceIndex(alone)).size).toBe(0);
  });

  it("are summed up as the server did, under the name of the trace of the page", () => {
    expect(runSummary(joined)).toMatchObject({
      traceId: own,
      costNanos: "9007199254740993",
      llmCalls: 7,
      spanCount: 4,
    });
    expect(runSummary(alone)).toBe(alone.summary);
  });

  it("stay folded as they were when they are joined, and when they are alone again", () => {
    const before = buildTraceIndex(alone);
    const [groups, groupsNow] = [findRepeatGroups(before), findRepeatGroups(index)];
    const open = setRowOpen(initialOpenState(before, groups), 1, false);
    const carried = carryOpenState({ index: before, groups, open }, index, groupsNow);
    expect([...carried.closed]).toEqual([0, 0, 1, 0]);
    const back = carryOpenState({ index, groups: groupsNow, open: carried }, before, groups);
    expect([...back.closed]).toEqual([0, 1, 0]);
  });
});
