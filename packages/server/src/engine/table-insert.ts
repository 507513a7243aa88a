import type { ColumnBatch, InsertTarget } from "../store.ts";
import { type ColumnSpec, columnBatch } from "./column-writer.ts";

/** Rows on their way into one table; columns are made when they are sent, any part of them. */
export interface TableInsert {
  readonly table: string;
  readonly target: readonly InsertTarget[];
  readonly rows: number;
  columns(from: number, to: number): ColumnBatch;
}

/** An insert of these rows by these specs. */
export function tableInsert<Row>(
  table: string,
  target: readonly InsertTarget[],
  specs: readonly ColumnSpec<Row>[],
  rows: readonly Row[],
): TableInsert {
  return {
    table,
    target,
    rows: rows.length,
    columns: (from, to) => columnBatch(specs, from === 0 && to === rows.length ? rows : rows.slice(from, to)),
  };
}
