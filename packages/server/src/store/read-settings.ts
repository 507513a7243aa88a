import type { ReadOptions } from "../store.ts";

/** A page that waits longer has failed for its reader. */
const SECONDS = 10;
/** Above what the dearest page query was seen to take at a million spans, below what starves inserts. */
const MEMORY_BYTES = 400_000_000;

/** Settings of one read by ClickHouse's names. Identical ones make identical text: compare to skip a SET. */
export function readSettings(options: ReadOptions): Readonly<Record<string, number | string>> {
  const rows = options.maxResultRows ?? 0;
  const bounds = {
    max_execution_time: options.maxSeconds ?? SECONDS,
    timeout_overflow_mode: "throw",
    max_memory_usage: options.maxMemoryBytes ?? MEMORY_BYTES,
    max_threads: READ_THREADS,
  };
  // A person's answer is cut at the limit; one of ours that is longer than it may be is a mistake to be seen.
  if (options.lane === "person") return { ...bounds, ...PERSON_BOUNDS, ...PERSON_TYPES, limit: rows };
  return { ...bounds, max_result_rows: rows, result_overflow_mode: "throw" };
}

/** A statement larger than this is a mistake; the default of 256 KiB is too small for a list of ids. */
export const STATEMENT_BYTES: number = 64 << 20;

/** 64-bit integers and decimals as text, since a number of JSON loses their last digits. */
export const OUTPUT_SETTINGS: Readonly<Record<string, number | string>> = {
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
};

/** Two cores is the smallest machine meant; more threads only make neighbours wait. */
export const READ_THREADS: number = 2;

/** What SQL of a person may cost besides time and memory: far above any honest question at ten million spans. */
const PERSON_BOUNDS = {
  max_rows_to_read: 2_000_000_000,
  max_bytes_to_read: 200_000_000_000,
  max_subquery_depth: 30,
  max_expanded_ast_elements: 50_000,
  max_columns_to_read: 500,
  max_result_bytes: 100_000_000,
  result_overflow_mode: "throw",
  max_rows_in_join: 50_000_000,
  max_bytes_before_external_group_by: 0,
  max_bytes_before_external_sort: 0,
};

/** An attribute has the type of each value: groups by one, and orders, are what people ask for, and keep types apart. */
const PERSON_TYPES = { allow_suspicious_types_in_group_by: 1, allow_suspicious_types_in_order_by: 1 };

/** `a = 1, b = 'x'` for SET and SETTINGS. Names and values are ours, never a caller's text. */
export function settingsText(settings: Readonly<Record<string, number | string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${typeof value === "number" ? value : `'${value}'`}`)
    .join(", ");
}
