import fc from "fast-check";
import { expect, test } from "vitest";
import { exactMatch } from "./exact-match.ts";

test.each([
  ["the same text", "Paris", "Paris"],
  ["blanks around it", " Paris\n", "Paris"],
  ["another Unicode form", "Caf\u0065\u0301", "Caf\u00e9"],
  ["the same object in another order", { a: 1, b: [2] }, { b: [2], a: 1 }],
  ["null, which is an answer", null, null],
])("1 for %s", (_, output, expected) => {
  expect(exactMatch.judge({ output, expected })).toMatchObject({ value: 1 });
});

test.each([
  ["another case of letters", "paris", "Paris"],
  ["more text", "It is Paris", "Paris"],
  ["a text and a number", "1", 1],
  ["another order of an array", [1, 2], [2, 1]],
])("0 for %s", (_, output, expected) => {
  expect(exactMatch.judge({ output, expected })).toMatchObject({ value: 0 });
});

test("null, and not 0, when nobody told what was expected or there is no answer", () => {
  expect(exactMatch.judge({ output: "a" })).toEqual({ value: null, explanation: "nobody told what was expected" });
  expect(exactMatch.judge({ output: undefined, expected: "a" })).toMatchObject({ value: null });
});

test("any text matches itself, and no other", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => {
      expect(exactMatch.judge({ output: one, expected: one })).toMatchObject({ value: 1 });
      const same = one.normalize("NFC").trim() === other.normalize("NFC").trim();
      expect(exactMatch.judge({ output: one, expected: other })).toMatchObject({ value: same ? 1 : 0 });
    }),
  );
});
