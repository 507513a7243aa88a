import { describe, expect, it } from "vitest";
import { largeTrace } from "../fixture/large-trace.ts";
import { supportRun } from "../fixture/support-run.ts";
import { findRepeatGroups } from "./repeat-groups.ts";
import { spanFacts } from "./span-facts.ts";
import { buildTraceIndex } from "./trace-index.ts";
import { initialOpenState, revealSpan, rowOfSpan, setAllOpen, setRowOpen, visibleRows } from "./visible-rows.ts";

/** One parent whose children have these names and states. */
function siblings(names: readonly string[], failed: readonly number[] = []): ReturnType<typeof largeTrace> {
  const skeleton = largeTrace(names.length + 1, "wide");
  const strings = [...skeleton.strings, ...new Set(names)];
  const ok = strings.indexOf("ok");
  return {
    ...skeleton,
    strings,
    name: [0, ...names.map((name) => strings.indexOf(name, skeleton.strings.length))],
    kind: skeleton.kind.map(() => 0),
    status: [ok, ...names.map((_, place) => (failed.includes(place) ? strings.indexOf("error") : ok))],
  };
}

describe("repeats", () => {
  it("folds a loop of a model call and a tool into one group", () => {
    const { skeleton } = supportRun({ seed: 3, startTime: 0, searches: 14 });
    const groups = findRepeatGroups(buildTraceIndex(skeleton));
    expect(groups.times).toEqual([14]);
    expect(groups.round).toEqual([2]);
    expect(spanFacts(skeleton, groups.first[0] ?? 0).name).toBe("chat gpt-4o-mini");
  });

  it("leaves a short run written out", () => {
    expect(findRepeatGroups(buildTraceIndex(siblings(["a", "a", "a", "b"]))).count).toBe(0);
  });

  it("takes the shorter round where two cover the same", () => {
    const groups = findRepeatGroups(buildTraceIndex(siblings(["a", "a", "a", "a", "a", "a", "a", "a"])));
    expect([groups.times, groups.round]).toEqual([[8], [1]]);
  });

  it("finds runs one after the other", () => {
    const groups = findRepeatGroups(buildTraceIndex(siblings([..."aaaaxbcbcbcbcy"])));
    expect([groups.times, groups.round]).toEqual([
      [4, 4],
      [1, 2],
    ]);
  });

  it("never hides a failure among good ones", () => {
    const index = buildTraceIndex(siblings([..."aaaaaaaa"], [3]));
    const groups = findRepeatGroups(index);
    const rows = visibleRows(index, groups, initialOpenState(index, groups));
    expect(rowOfSpan(rows, 4)).toBeGreaterThan(-1);
  });

  it("folds 50,000 identical children to one row", () => {
    const index = buildTraceIndex(siblings(Array.from({ length: 50_000 }, () => "a")));
    const groups = findRepeatGroups(index);
    const rows = visibleRows(index, groups, initialOpenState(index, groups));
    expect([...rows.row]).toEqual([0, -1]);
    expect(visibleRows(index, groups, setAllOpen(index, groups, true)).count).toBe(50_002);
  });
});

describe("visible rows", () => {
  const index = buildTraceIndex(supportRun({ seed: 3, startTime: 0 }).skeleton);
  const groups = findRepeatGroups(index);
  const start = initialOpenState(index, groups);

  it("show everything but what a run folds", () => {
    const rows = visibleRows(index, groups, start);
    const folded = (groups.end[0] ?? 0) - (index.place[groups.first[0] ?? 0] ?? 0);
    expect(rows.count).toBe(index.count - folded + 1);
  });

  it("put the spans of an open run one level deeper", () => {
    const first = groups.first[0] ?? 0;
    const rows = visibleRows(index, groups, setRowOpen(start, -1, true));
    expect(rows.count).toBe(index.count + 1);
    expect(rows.level[rowOfSpan(rows, first)]).toBe((index.depth[first] ?? 0) + 1);
    const last = index.order[index.count - 1] ?? 0;
    expect(rows.level[rowOfSpan(rows, last)]).toBe(index.depth[last]);
  });

  it("hide a closed subtree, and nothing else", () => {
    const rows = visibleRows(index, groups, setRowOpen(start, 0, false));
    expect([...rows.row]).toEqual([0]);
  });

  it("reveal a span inside of closed spans and folded runs", () => {
    const hidden = index.order[(index.place[groups.first[0] ?? 0] ?? 0) + 3] ?? 0;
    const closed = setAllOpen(index, groups, false);
    expect(rowOfSpan(visibleRows(index, groups, closed), hidden)).toBe(-1);
    const open = revealSpan(index, groups, closed, hidden);
    expect(rowOfSpan(visibleRows(index, groups, open), hidden)).toBeGreaterThan(0);
  });

  it("keep the state that they were given", () => {
    setRowOpen(start, 0, false);
    revealSpan(index, groups, start, 5);
    expect(start.closed.every((closed) => closed === 0)).toBe(true);
    expect(start.groupOpen.every((open) => open === 0)).toBe(true);
  });
});
