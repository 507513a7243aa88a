import fc from "fast-check";
import { expect, test } from "vitest";
import { editDistance, nearestName } from "./nearest-name.ts";

const NAMES = ["serve", "demo", "query", "doctor", "help"];

test.each([
  ["server", "serve"],
  ["sevre", "serve"],
  ["dmeo", "demo"],
  ["doc", "doctor"],
  ["qurey", "query"],
])("%s is meant to be %s", (word, name) => {
  expect(nearestName(word, NAMES)).toBe(name);
});

test.each(["kubernetes", "x", "", "zzzz"])("%j is near to nothing", (word) => {
  expect(nearestName(word, NAMES)).toBeUndefined();
});

test("distance is a metric but for swaps: same from both ends, 0 only for the same", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (one, other) => {
      expect(editDistance(one, other)).toBe(editDistance(other, one));
      expect(editDistance(one, other) === 0).toBe(one === other);
      expect(editDistance(one, other)).toBeLessThanOrEqual(Math.max(one.length, other.length));
    }),
  );
});
