import type { InsertTarget } from "../store.ts";
import { type ColumnSpec, insertTargets } from "./column-writer.ts";

/** One row of `superseded`: which row no longer counts, and which batch said so. */
export interface SupersededRow {
  readonly row: number;
  readonly batch: number;
}

/** How each field is sent and stored. */
export const SUPERSEDED_COLUMNS: readonly ColumnSpec<SupersededRow>[] = [
  { name: "row", type: "u64", expression: "assumeNotNull(row)", value: (row) => row.row },
  { name: "batch", type: "u64", expression: "assumeNotNull(batch)", value: (row) => row.batch },
];

/** Columns and expressions of the insert. */
export const SUPERSEDED_TARGETS: readonly InsertTarget[] = insertTargets(SUPERSEDED_COLUMNS);
