import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Column } from "../store.ts";
import { NumberColumn } from "./number-column.ts";
import { TextColumn } from "./text-column.ts";

const LARGEST = 2 ** 53 - 1;
const texts = fc.array(fc.oneof(fc.constant(""), fc.string({ unit: "binary" }), fc.string({ maxLength: 80 })), {
  minLength: 1,
  maxLength: 3000,
});
const wholes = fc.array(
  fc.oneof(
    fc.constant(null),
    fc.integer({ min: -LARGEST, max: LARGEST }),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  ),
  { minLength: 1, maxLength: 3000 },
);

function textsOf(column: Column | undefined, rows: number): string[] {
  if (column === undefined) return Array.from({ length: rows }, () => "");
  if (column.type !== "text") throw new TypeError(`a ${column.type} column`);
  const { offsets, bytes } = column;
  return Array.from({ length: rows }, (_, row) =>
    Buffer.from(bytes.subarray(offsets[row], offsets[row + 1])).toString(),
  );
}

function wholesOf(column: Column | undefined, rows: number): (bigint | null)[] {
  if (column === undefined) return Array.from({ length: rows }, () => null);
  if (column.type !== "i64") throw new TypeError(`a ${column.type} column`);
  return Array.from({ length: rows }, (_, row) => (column.nulls?.[row] ? null : column.data[row]!));
}

describe("TextColumn", () => {
  it("gives back every text, whole, by row, in slices and picked, also in memory used before", () => {
    fc.assert(
      fc.property(texts, texts, fc.nat(), fc.nat(), (before, values, a, b) => {
        const column = new TextColumn("name");
        for (const value of before) column.append(value);
        column.clear();
        for (const value of values) column.append(value);
        const told = values.map((value) => value.toWellFormed());
        expect(values.map((_, row) => column.text(row))).toEqual(told);
        expect(values.map((_, row) => column.has(row))).toEqual(told.map((value) => value !== ""));
        const [from, to] = [a % values.length, (b % values.length) + 1].sort((x, y) => x - y) as [number, number];
        expect(textsOf(column.slice(from, to), to - from)).toEqual(told.slice(from, to));
        const odd = values.map((_, row) => row).filter((row) => row % 2 === 1);
        expect(textsOf(column.pick(odd), odd.length)).toEqual(odd.map((row) => told[row]));
      }),
      { numRuns: 60 },
    );
  });
});

describe("NumberColumn", () => {
  it("keeps every whole number of 64 bits, told as number or bigint, and the rows without one", () => {
    fc.assert(
      fc.property(wholes, wholes, fc.nat(), fc.nat(), (before, values, a, b) => {
        const column = new NumberColumn("name", "i64");
        for (const value of before) column.append(value);
        column.clear();
        for (const value of values) column.append(value);
        const told = values.map((value) => (value === null ? null : BigInt(value)));
        expect(values.map((_, row) => column.value(row))).toEqual(told);
        const [from, to] = [a % values.length, (b % values.length) + 1].sort((x, y) => x - y) as [number, number];
        expect(wholesOf(column.slice(from, to), to - from)).toEqual(told.slice(from, to));
        const odd = values.map((_, row) => row).filter((row) => row % 2 === 1);
        expect(wholesOf(column.pick(odd), odd.length)).toEqual(odd.map((row) => told[row]));
      }),
      { numRuns: 60 },
    );
  });

  it("keeps doubles as they are", () => {
    const column = new NumberColumn("name", "f64");
    for (const value of [0.1, null, -2.5, Number.MAX_VALUE]) column.append(value);
    expect([0, 1, 2, 3].map((row) => column.value(row))).toEqual([0.1, null, -2.5, Number.MAX_VALUE]);
    expect(column.slice(1, 2)).toBeUndefined();
  });
});
