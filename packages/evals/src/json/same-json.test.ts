import fc from "fast-check";
import { expect, test } from "vitest";
import { sameJson } from "./same-json.ts";

/** The same value with the members of every object in another order. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]) => [key, turned(member)] as const)
      .reverse(),
  );
}

const json = fc.jsonValue({ maxDepth: 5 });

test("a value is the same as itself read again, with its members in any order", () => {
  fc.assert(fc.property(json, (value) => sameJson(value, turned(JSON.parse(JSON.stringify(value))))));
});

test("is the same in both directions, and tells apart what is written differently", () => {
  fc.assert(
    fc.property(json, json, (left, right) => {
      expect(sameJson(left, right)).toBe(sameJson(right, left));
      if (JSON.stringify(left) === JSON.stringify(right)) expect(sameJson(left, right)).toBe(true);
    }),
  );
});

test.each([
  [{ a: 1 }, { a: 1, b: undefined }],
  [{ a: 1 }, { b: 1 }],
  [
    [1, 2],
    [2, 1],
  ],
  [[], {}],
  [null, {}],
  ["1", 1],
  [JSON.parse('{"__proto__":1}'), {}],
])("%j is not %j", (left, right) => {
  expect(sameJson(left, right)).toBe(false);
});

test("gives up on depth that no answer has, without an overflow", () => {
  let left: unknown = 1;
  let right: unknown = 1;
  for (let depth = 0; depth < 100_000; depth++) [left, right] = [[left], [right]];
  expect(sameJson(left, right)).toBe(false);
});
