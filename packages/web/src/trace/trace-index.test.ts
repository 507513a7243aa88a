import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { largeTrace } from "../fixture/large-trace.ts";
import { supportRun } from "../fixture/support-run.ts";
import { buildTraceIndex, CHILD, CYCLE, ORPHAN, ROOT, type TraceIndex } from "./trace-index.ts";

/** A trace of which only the parents matter. */
function indexOf(parent: number[]): TraceIndex {
  const skeleton = largeTrace(parent.length, "wide");
  return buildTraceIndex({ ...skeleton, parent });
}

describe("the trace index", () => {
  it("lists parents before children, children in order of start", () => {
    const index = indexOf([-1, 0, 0, 1, 2, 1]);
    expect([...index.order]).toEqual([0, 1, 3, 5, 2, 4]);
    expect([...index.depth]).toEqual([0, 1, 1, 2, 2, 2]);
    expect([...index.end]).toEqual([6, 4, 6, 3, 6, 4]);
    expect([...index.childCount]).toEqual([2, 2, 1, 0, 0, 0]);
    expect([...index.position]).toEqual([1, 1, 2, 1, 1, 2]);
    expect([...index.siblings]).toEqual([1, 2, 2, 2, 1, 2]);
  });

  it("keeps several roots and spans whose parent is missing, and tells them apart", () => {
    const index = indexOf([-1, -2, 0, 1, -1]);
    expect([...index.order]).toEqual([0, 2, 1, 3, 4]);
    expect([...index.standing]).toEqual([ROOT, ORPHAN, CHILD, CHILD, ROOT]);
    expect([...index.depth]).toEqual([0, 0, 1, 1, 0]);
  });

  it("cuts a circle of parents open and loses no span", () => {
    const index = indexOf([-1, 3, 1, 2, 3]);
    expect([...index.order].sort((one, other) => one - other)).toEqual([0, 1, 2, 3, 4]);
    expect([...index.standing].filter((standing) => standing === CYCLE)).toHaveLength(1);
  });

  it("treats a span that names itself as its parent as a circle", () => {
    expect([...indexOf([0]).standing]).toEqual([CYCLE]);
  });

  it("bubbles failures to every ancestor and does not count the failed span itself", () => {
    const { skeleton } = supportRun({ seed: 1, startTime: 0 });
    const index = buildTraceIndex(skeleton);
    const failed = [...index.failed].indexOf(1);
    const agent = index.parent[failed] ?? -1;
    const root = index.parent[agent] ?? -1;
    expect([index.errorsBelow[failed], index.errorsBelow[agent], index.errorsBelow[root]]).toEqual([0, 1, 1]);
  });

  it("finds a span by its id, and says when there is none", () => {
    const { skeleton } = supportRun({ seed: 1, startTime: 0 });
    const index = buildTraceIndex(skeleton);
    expect(index.find(skeleton.spanId[7] ?? "")).toBe(7);
    expect(index.find("ffffffffffffffff")).toBeUndefined();
  });

  it.each([
    ["100,000 spans", largeTrace(100_000)],
    ["a chain 500 deep", largeTrace(500, "deep")],
    ["a chain 50,000 deep", largeTrace(50_000, "deep")],
    ["50,000 children of one", largeTrace(50_000, "wide")],
  ])("holds %s", (_, skeleton) => {
    const index = buildTraceIndex(skeleton);
    expectSound(index);
    expect(index.end[0]).toBe(skeleton.spanId.length);
  });

  it("is sound for any parents at all", () => {
    const parents = fc
      .integer({ min: 1, max: 40 })
      .chain((count) => fc.array(fc.integer({ min: -2, max: count + 1 }), { minLength: count, maxLength: count }));
    fc.assert(fc.property(parents, (parent) => expectSound(indexOf(parent))));
  });
});

function expectSound(index: TraceIndex): void {
  expect(new Set(index.order).size).toBe(index.count);
  let wrong = 0;
  for (let span = 0; span < index.count; span++) {
    const place = index.place[span] ?? -1;
    const parent = index.parent[span] ?? -1;
    if (index.order[place] !== span) wrong++;
    if (parent === -1) wrong += index.depth[span] === 0 ? 0 : 1;
    else {
      const above = index.place[parent] ?? -1;
      if (!(above < place && (index.end[span] ?? 0) <= (index.end[parent] ?? 0))) wrong++;
      if (index.depth[span] !== (index.depth[parent] ?? 0) + 1) wrong++;
    }
  }
  expect(wrong).toBe(0);
}
