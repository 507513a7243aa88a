import type { Json } from "@telltale/model";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { glimpse, initiallyOpen, jsonRows, RANGE_SIZE } from "./json-rows.ts";

describe("the rows of a JSON value", () => {
  it("are its entries, one level in for each that is open", () => {
    const value = { a: 1, b: { c: [true] } };
    const rows = jsonRows(value, initiallyOpen(value));
    expect(rows.map(({ depth, name, type }) => [depth, name, type])).toEqual([
      [0, "a", "value"],
      [0, "b", "object"],
      [1, "c", "array"],
      [2, "0", "value"],
    ]);
  });

  it("are one for a text of any length", () => {
    expect(jsonRows("x".repeat(20_000_000), new Set())).toHaveLength(1);
  });

  it("are few for a list of 44,000, cut into ranges", () => {
    const value = Array.from({ length: 44_000 }, (_, place) => ({ place }));
    expect(jsonRows(value, initiallyOpen(value))).toHaveLength(44_000 / RANGE_SIZE);
    const open = jsonRows(value, new Set(["$"]));
    expect(open).toHaveLength(44_000 / RANGE_SIZE);
    expect(jsonRows(value, new Set(["$", "$#300"]))).toHaveLength(44_000 / RANGE_SIZE + RANGE_SIZE);
    expect(open.at(-1)?.name).toBe("43900 … 43999");
  });

  it("have paths of their own, whatever the keys are", () => {
    const value = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;
    fc.assert(
      fc.property(value, (one) => {
        const rows = jsonRows(one, initiallyOpen(one));
        expect(new Set(rows.map(({ path }) => path)).size).toBe(rows.length);
      }),
    );
  });

  it("survive keys that are names of a prototype", () => {
    const value = JSON.parse('{"__proto__":{"a":1},"constructor":2,"a/b":3,"#":4}') as Json;
    const rows = jsonRows(value, initiallyOpen(value));
    expect(rows.map(({ name }) => name)).toEqual(["__proto__", "a", "constructor", "a/b", "#"]);
  });

  it("tell of what is closed at a glance", () => {
    const [object, list, empty] = jsonRows([{ a: 1, b: 2, c: 3, d: 4, e: 5 }, [1, 2], {}], new Set(["$"]));
    expect([object, list, empty].map((row) => (row ? glimpse(row) : ""))).toEqual(["{ a, b, c, d, … }", "[2]", "{}"]);
  });
});
