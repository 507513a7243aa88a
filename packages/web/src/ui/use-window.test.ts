import { describe, expect, it } from "vitest";
import { placeRows } from "./use-window.ts";

describe("the window on rows of equal height", () => {
  it("draws those on screen and a few more", () => {
    const rows = placeRows(1000, 30, 0, { scroll: 3000, size: 600 });
    expect([rows.from, rows.to, rows.height, rows.top(100)]).toEqual([92, 128, 30_000, 3000]);
  });

  it("begins and ends with the list", () => {
    expect(placeRows(5, 30, 28, { scroll: 0, size: 600 })).toMatchObject({ from: 0, to: 5 });
    expect(placeRows(0, 30, 0, { scroll: 0, size: 600 })).toMatchObject({ from: 0, to: 0, height: 0 });
  });

  it("reaches the last of a million rows although no element may be so tall", () => {
    const place = { scroll: 0, size: 700 };
    const { height } = placeRows(1_000_000, 30, 0, place);
    expect(height).toBeLessThan(17_000_000);
    const bottom = placeRows(1_000_000, 30, 0, { ...place, scroll: height - 700 });
    expect(bottom.to).toBe(1_000_000);
    expect(bottom.top(999_999) + 30).toBeCloseTo(height, 0);
  });
});
