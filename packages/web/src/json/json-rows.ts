import type { Json } from "@telltale/model";

/** One line of the JSON viewer. */
export interface JsonRow {
  /** Unique among the rows; what the set of open rows holds. */
  readonly path: string;
  readonly depth: number;
  /** The key or index, absent at the top. */
  readonly name: string | undefined;
  readonly type: "value" | "object" | "array" | "range";
  /** Of a value: itself. */
  readonly value?: Json;
  /** Of an object, array or range: how many things are inside. */
  readonly size: number;
  readonly isOpen: boolean;
}

/** An array or object with more entries is cut into ranges of this many, so that opening it adds few rows. */
export const RANGE_SIZE = 100;

/** Fewer rows than this open by themselves. */
const OPEN_AT_ONCE = 60;
const OPEN_DEPTH = 3;

/** The rows that are to be seen; what is closed is never walked. */
export function jsonRows(value: Json, open: ReadonlySet<string>): JsonRow[] {
  const rows: JsonRow[] = [];
  addValue(rows, open, value, "$", 0, undefined);
  // The outermost braces say nothing that the entries do not: they go, and the entries stand at the margin.
  const [top] = rows;
  if (top === undefined || !top.isOpen) return rows;
  return rows.slice(1).map((row) => ({ ...row, depth: row.depth - 1 }));
}

function addValue(
  rows: JsonRow[],
  open: ReadonlySet<string>,
  value: Json,
  path: string,
  depth: number,
  name: string | undefined,
): void {
  if (value === null || typeof value !== "object") {
    rows.push({ path, depth, name, type: "value", value, size: 0, isOpen: false });
    return;
  }
  const keys = isList(value) ? undefined : Object.keys(value);
  const size = keys?.length ?? (isList(value) ? value.length : 0);
  const isOpen = open.has(path) && size > 0;
  rows.push({ path, depth, name, type: keys ? "object" : "array", value, size, isOpen });
  if (!isOpen) return;
  if (size <= RANGE_SIZE) addEntries(rows, open, value, keys, path, depth + 1, 0, size);
  else
    for (let from = 0; from < size; from += RANGE_SIZE) {
      const to = Math.min(size, from + RANGE_SIZE);
      const rangePath = `${path}#${from}`;
      const isRangeOpen = open.has(rangePath);
      rows.push({
        path: rangePath,
        depth: depth + 1,
        name: `${from} … ${to - 1}`,
        type: "range",
        size: to - from,
        isOpen: isRangeOpen,
      });
      if (isRangeOpen) addEntries(rows, open, value, keys, path, depth + 2, from, to);
    }
}

function addEntries(
  rows: JsonRow[],
  open: ReadonlySet<string>,
  value: { readonly [key: string]: Json } | readonly Json[],
  keys: readonly string[] | undefined,
  path: string,
  depth: number,
  from: number,
  to: number,
): void {
  for (let index = from; index < to; index++) {
    const key = keys?.[index];
    const entry = isList(value) ? value[index] : key === undefined ? undefined : value[key];
    // The index stands in the path: keys may hold any character.
    addValue(rows, open, entry ?? null, `${path}/${index}`, depth, key ?? String(index));
  }
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** What is open at first: the upper levels, as long as few rows come of it. */
export function initiallyOpen(value: Json): Set<string> {
  const open = new Set<string>();
  let level: string[] = ["$"];
  for (let depth = 0; depth < OPEN_DEPTH; depth++) {
    const next = new Set([...open, ...level]);
    const rows = jsonRows(value, next);
    if (depth > 0 && rows.length > OPEN_AT_ONCE) break;
    for (const path of level) open.add(path);
    level = rows
      .filter((row) => row.type === "object" || row.type === "array")
      .map(({ path }) => path)
      .filter((path) => !open.has(path));
  }
  return open;
}

/** A glimpse of something closed: `{ id, name, … }` or `[3]`. */
export function glimpse(row: JsonRow): string {
  if (row.type === "range") return "";
  if (row.type === "array") return row.size === 0 ? "[]" : `[${row.size}]`;
  if (row.size === 0) return "{}";
  const keys = typeof row.value === "object" && row.value !== null ? Object.keys(row.value).slice(0, 4) : [];
  return `{ ${keys.map((key) => shorten(key, 24)).join(", ")}${row.size > keys.length ? ", …" : ""} }`;
}

/** A text cut to a length, with a sign where it was cut. */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}
