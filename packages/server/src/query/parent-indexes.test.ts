import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MISSING_PARENT, parentIndexes, ROOT } from "./parent-indexes.ts";

describe("parentIndexes", () => {
  it("hangs every span under exactly one root, whatever its parents say", () => {
    const spans = fc.array(fc.integer({ min: -2, max: 30 }), { maxLength: 30 });
    fc.assert(
      fc.property(spans, (told) => {
        const ids = told.map((_, index) => `s${index}`);
        const parents = parentIndexes(
          ids,
          told.map((parent) => (parent === -1 ? "" : `s${parent}`)),
        );
        for (let index = 0; index < parents.length; index++) {
          let steps = 0;
          for (let at = index; at >= 0; at = parents[at]!) steps++;
          expect(steps).toBeLessThanOrEqual(parents.length);
          const expected =
            told[index] === -1 ? ROOT : told[index]! >= 0 && told[index]! < ids.length ? told[index] : MISSING_PARENT;
          // Either as told, or made a root to break a circle.
          expect([expected, ROOT]).toContain(parents[index]);
        }
      }),
    );
  });

  it("makes one root of a circle, and leaves what hangs on it alone", () => {
    expect([...parentIndexes(["a", "b", "c", "d"], ["c", "a", "b", "c"])]).toEqual([-1, 0, 1, 2]);
  });
});
