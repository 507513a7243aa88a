import type { Store } from "../store.ts";
import { BIGINT_FIELDS, SPAN_ROW_SELECT, TOKEN_COLUMNS } from "./span-columns.ts";
import type { SpanRow } from "./span-row.ts";

const NUMBERS = ["row", "hour", ...TOKEN_COLUMNS] as const;

/** Stored rows by their number, in the form they are inserted in. Numbers that are gone are left out. */
export async function readStoredRows(store: Store, rows: readonly number[]): Promise<Map<number, SpanRow>> {
  const sql = storedRowsSql("WHERE row IN {rows:Array(UInt64)}");
  const bytes = await store.read(sql, { rows }, { format: "JSONEachRow", maxSeconds: 60 });
  return new Map([...storedRowsIn(bytes)].map((row) => [row.row, row]));
}

/** Statement for whole rows of spans that a condition selects; its answer in JSONEachRow is for {@link storedRowsIn}. */
export function storedRowsSql(condition: string): string {
  // Stores give 64-bit integers as text, which must not reach into the JSON of attributes.
  return `SELECT * FROM (
    SELECT ${SPAN_ROW_SELECT} FROM telltale_data.span_rows ${condition}
    SETTINGS output_format_json_quote_64bit_integers = 0
  )`;
}

/** The rows of an answer, one at a time. */
export function* storedRowsIn(bytes: Uint8Array): Generator<SpanRow, void, void> {
  for (const line of Buffer.from(bytes).toString().split("\n")) {
    if (!line) continue;
    const fields = JSON.parse(line) as { [column: string]: unknown };
    for (const name of BIGINT_FIELDS) if (fields[name] !== null) fields[name] = BigInt(fields[name] as string);
    for (const name of NUMBERS) if (fields[name] !== null) fields[name] = Number(fields[name]);
    yield fields as unknown as SpanRow;
  }
}
