import { describe, expect, it } from "vitest";
import { type NamedRows, rowToKeep } from "./use-kept-place.ts";

function rowsOf(names: readonly string[], selected: string | null = null): NamedRows {
  return {
    version: names,
    rowHeight: 10,
    header: 5,
    count: names.length,
    nameAt: (row) => names[row] || undefined,
    rowOf: (name) => names.indexOf(name),
    selected,
  };
}

describe("the row that stays where it is", () => {
  const names = ["a", "b", "", "c", "d", "e", "f"];

  it("is the selected one while it is in sight, and otherwise the first in sight that has a name", () => {
    expect(rowToKeep(rowsOf(names, "d"), 15, 45)).toEqual({ row: 4, name: "d" });
    expect(rowToKeep(rowsOf(names, "a"), 15, 45)).toEqual({ row: 3, name: "c" });
    expect(rowToKeep(rowsOf(names), 10, 45)).toEqual({ row: 1, name: "b" });
  });

  it("is none in a list that begins at its beginning, unless one is selected there", () => {
    expect(rowToKeep(rowsOf(names), 0, 45)).toBeUndefined();
    expect(rowToKeep(rowsOf(names, "b"), 0, 45)).toEqual({ row: 1, name: "b" });
    expect(rowToKeep(rowsOf([], "b"), 30, 45)).toBeUndefined();
  });
});
