import type { Store } from "../store.ts";
import { SPAN_ROW_SELECT } from "./span-columns.ts";
import { BIGINT_FIELDS, type SpanRow } from "./span-row.ts";

const NUMBERS = [
  "row",
  "hour",
  "input_tokens",
  "output_tokens",
  "cache_read_tokens",
  "cache_write_tokens",
  "reasoning_tokens",
] as const;

/** Stored rows by their number, in the form they are inserted in. Numbers that are gone are left out. */
export async function readStoredRows(store: Store, rows: readonly number[]): Promise<Map<number, SpanRow>> {
  // Stores give 64-bit integers as text, which must not reach into the JSON of attributes.
  const sql = `SELECT * FROM (
    SELECT ${SPAN_ROW_SELECT} FROM telltale_data.span_rows WHERE row IN {rows:Array(UInt64)}
    SETTINGS output_format_json_quote_64bit_integers = 0
  )`;
  const bytes = await store.read(sql, { rows }, { format: "JSONEachRow", maxSeconds: 60 });
  const found = new Map<number, SpanRow>();
  for (const line of Buffer.from(bytes).toString().split("\n")) {
    if (!line) continue;
    const fields = JSON.parse(line) as { [column: string]: unknown };
    for (const name of BIGINT_FIELDS) if (fields[name] !== null) fields[name] = BigInt(fields[name] as string);
    for (const name of NUMBERS) if (fields[name] !== null) fields[name] = Number(fields[name]);
    const row = fields as unknown as SpanRow;
    found.set(row.row, row);
  }
  return found;
}
