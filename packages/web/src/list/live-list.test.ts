import type { TraceSummary } from "@telltale/server/api-types";
import { describe, expect, it } from "vitest";
import { traceListFixture } from "../fixture/trace-list-fixture.ts";
import { EMPTY_LIVE_LIST, receive, release, shownRows } from "./live-list.ts";

const traces = traceListFixture(6, 1_764_000_000_000);
const [first, second, third, ...loaded] = traces as [TraceSummary, TraceSummary, TraceSummary, ...TraceSummary[]];
const ids = new Set(loaded.map(({ traceId }) => traceId));
const isLoaded = (traceId: string): boolean => ids.has(traceId);

describe("a live list", () => {
  it("lets new traces wait: no row moves", () => {
    const list = receive(EMPTY_LIVE_LIST, [third, second], isLoaded);
    expect(list.pending).toHaveLength(2);
    expect(shownRows(list, loaded)).toEqual(loaded);
  });

  it("shows them on top, newest first, when it is allowed to", () => {
    const list = release(receive(EMPTY_LIVE_LIST, [second, third, first], isLoaded));
    expect(list.pending).toEqual([]);
    expect(shownRows(list, loaded)).toEqual([first, second, third, ...loaded]);
  });

  it("replaces a row that grew where it stands", () => {
    const [row] = loaded as [TraceSummary];
    const grown = { ...row, spanCount: 999 };
    const list = receive(EMPTY_LIVE_LIST, [grown], isLoaded);
    expect(shownRows(list, loaded)[0]).toBe(grown);
    expect(list.pending).toEqual([]);
  });

  it("counts a trace that comes again once, waiting or shown", () => {
    const waiting = receive(receive(EMPTY_LIVE_LIST, [first], isLoaded), [{ ...first, spanCount: 5 }], isLoaded);
    expect(waiting.pending.map(({ spanCount }) => spanCount)).toEqual([5]);
    const shown = receive(release(waiting), [{ ...first, spanCount: 6 }], isLoaded);
    expect(shown.pending).toEqual([]);
    expect(shownRows(shown, loaded)[0]?.spanCount).toBe(6);
  });

  it("draws a trace once that is both released and loaded afterwards", () => {
    const list = release(receive(EMPTY_LIVE_LIST, [first], isLoaded));
    expect(shownRows(list, [first, ...loaded])).toHaveLength(loaded.length + 1);
  });
});
