import { type Json, printFilter } from "@telltale/model";

/** One attribute. `isPlain`: its value can stand in a filter. */
export interface AttributeRow {
  readonly key: string;
  readonly value: Json;
  readonly type: string;
  readonly isPlain: boolean;
}

/** A longer text is not something to filter by. */
const LONGEST_VALUE = 200;

/** Attributes by key, those with all the words in key or value. */
export function attributeRows(attributes: { readonly [key: string]: Json }, words: string): AttributeRow[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return Object.entries(attributes)
    .filter(([key, value]) => {
      if (wanted.length === 0) return true;
      const text = `${key} ${typeof value === "string" ? value : JSON.stringify(value)}`.toLowerCase();
      return wanted.every((word) => text.includes(word));
    })
    .map(([key, value]) => ({ key, value, type: typeName(value), isPlain: isPlain(value) }))
    .sort((left, right) => (left.key < right.key ? -1 : 1));
}

function typeName(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  if (typeof value === "object") return "map";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "double";
  return typeof value === "boolean" ? "bool" : "text";
}

function isPlain(value: Json): boolean {
  return (
    (typeof value === "string" && value !== "" && value.length <= LONGEST_VALUE) ||
    typeof value === "number" ||
    typeof value === "boolean"
  );
}

/** The filter for traces in which some span has the same value. */
export function attributeFilter(prefix: "attribute" | "resource", row: AttributeRow): string {
  return printFilter({ type: "match", field: `${prefix}.${row.key}`, pattern: [String(row.value)] });
}
