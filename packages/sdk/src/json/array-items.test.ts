import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arrayItems } from "./array-items.ts";

describe("arrayItems", () => {
  it("gives the whole objects of a list that is cut at any character", () => {
    const items = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 5 });
    fc.assert(
      fc.property(items, fc.constantFrom(0, 2), (values, indent) => {
        const text = JSON.stringify(values, undefined, indent);
        const all = [...arrayItems(text)];
        expect(JSON.stringify(all.map(({ value }) => value))).toBe(JSON.stringify(values));
        for (let length = 0; length <= text.length; length++) {
          const whole = all.filter(({ end }) => end <= length);
          expect([...arrayItems(text.slice(0, length))]).toEqual(whole);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("survives any text", () => {
    fc.assert(fc.property(fc.string(), (text) => [...arrayItems(text)].every(({ end }) => end <= text.length)));
  });
});
