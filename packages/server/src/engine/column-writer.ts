import type { Column, ColumnBatch, InsertTarget } from "../store.ts";
import { NumberColumn } from "./number-column.ts";
import { TextColumn } from "./text-column.ts";

/** How a field of a row becomes a column: its wire type and the SQL that turns it into the table's type. */
export interface ColumnSpec<Row> {
  readonly name: string;
  readonly type: "u64" | "i64" | "f64" | "text";
  /** SQL over the batch; the column itself when absent. */
  readonly expression?: string;
  readonly value: (row: Row) => bigint | number | string | null;
}

/** The columns and expressions of an INSERT, made once from the specs. */
export function insertTargets<Row>(specs: readonly ColumnSpec<Row>[]): readonly InsertTarget[] {
  return specs.map((spec) => ({ column: spec.name, expression: spec.expression ?? spec.name }));
}

/** The targets that a batch has columns for. */
export function toldTargets(targets: readonly InsertTarget[], batch: ColumnBatch): readonly InsertTarget[] {
  const names = new Set(batch.columns.map((one) => one.name));
  return targets.filter(({ column }) => names.has(column));
}

/** A column as it grows. */
export type GrowingColumn = TextColumn | NumberColumn;

/** An empty column of a spec's type. */
export function growingColumn({ name, type }: Pick<ColumnSpec<never>, "name" | "type">): GrowingColumn {
  return type === "text" ? new TextColumn(name) : new NumberColumn(name, type);
}

/** Puts a value at the end of a column; null is no text, and no number where the column may miss one. */
export function appendTo(column: GrowingColumn, value: bigint | number | string | null): void {
  if (column instanceof TextColumn) column.append(typeof value === "string" ? value : String(value ?? ""));
  else column.append(typeof value === "string" ? Number(value) : value);
}

/** Turns rows into the columnar layout that stores insert; columns nobody told anything in are left out. */
export function columnBatch<Row>(specs: readonly ColumnSpec<Row>[], rows: readonly Row[]): ColumnBatch {
  const columns = specs.map((spec) => {
    const column = growingColumn(spec);
    for (const row of rows) appendTo(column, spec.value(row));
    return column.slice(0, rows.length);
  });
  return { rows: rows.length, columns: columns.filter(isTold) };
}

/** A column without any value is left out: the table's default says the same, and costs nothing. */
export function isTold(column: Column | undefined): column is Column {
  return column !== undefined;
}
