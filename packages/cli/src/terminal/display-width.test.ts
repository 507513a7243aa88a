import fc from "fast-check";
import { expect, test } from "vitest";
import { displayWidth, fitWidth } from "./display-width.ts";

test.each([
  ["", 0],
  ["abc", 3],
  ["Grüße", 5],
  ["Cafe\u0301", 4],
  ["世界", 4],
  ["🙂", 2],
  ["👩‍👩‍👧", 2],
  ["a\u200bb", 2],
])("%j takes %i columns", (text, width) => {
  expect(displayWidth(text)).toBe(width);
});

test.each([
  ["abcdef", 6, "abcdef"],
  ["abcdefg", 6, "abcde…"],
  ["世界世界", 5, "世界…"],
  ["世界世界", 4, "世…"],
])("%j in %i columns is %j", (text, width, cut) => {
  expect(fitWidth(text, width)).toBe(cut);
});

test("what was cut is never wider than asked, and begins like the text", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "é", "世", "🙂", "e\u0301", " ", "👩‍👩‍👧") });
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 20 }), (any, width) => {
      const cut = fitWidth(any, width);
      expect(displayWidth(cut)).toBeLessThanOrEqual(width);
      expect(any.startsWith(cut.replace(/…$/, ""))).toBe(true);
    }),
  );
});
