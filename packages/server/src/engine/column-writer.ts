import { HeldText } from "./held-text.ts";
import type { Column, ColumnBatch, InsertTarget } from "../store.ts";

/** How a field of a row becomes a column: its wire type and the SQL that turns it into the table's type. */
export interface ColumnSpec<Row> {
  readonly name: string;
  readonly type: "u64" | "i64" | "f64" | "text";
  /** SQL over the batch; the column itself when absent. */
  readonly expression?: string;
  readonly value: (row: Row) => bigint | number | string | HeldText | null;
}

/** The columns and expressions of an INSERT, made once from the specs. */
export function insertTargets<Row>(specs: readonly ColumnSpec<Row>[]): readonly InsertTarget[] {
  return specs.map((spec) => ({ column: spec.name, expression: spec.expression ?? spec.name }));
}

/** Turns rows into the columnar layout that stores insert without another copy; columns nobody told anything in are left out. */
export function columnBatch<Row>(specs: readonly ColumnSpec<Row>[], rows: readonly Row[]): ColumnBatch {
  const columns = specs.map((spec) => column(spec, rows)).filter(tellsSomething);
  return { rows: rows.length, columns };
}

/** The targets that a batch has columns for. */
export function toldTargets(targets: readonly InsertTarget[], batch: ColumnBatch): readonly InsertTarget[] {
  const names = new Set(batch.columns.map((one) => one.name));
  return targets.filter(({ column }) => names.has(column));
}

/** A column without any value is left out: the table's default says the same, and costs nothing. */
function tellsSomething(one: Column): boolean {
  if (one.type === "text") return one.bytes.length > 0;
  return one.type === "u64" || !one.nulls || one.nulls.includes(0);
}

function column<Row>(spec: ColumnSpec<Row>, rows: readonly Row[]): Column {
  switch (spec.type) {
    case "text":
      return textColumn(spec, rows);
    case "u64":
      return {
        name: spec.name,
        type: "u64",
        data: BigUint64Array.from(rows, (row) => BigInt((spec.value(row) as number | null) ?? 0)),
      };
    case "i64":
      return nullable(spec, rows, new BigInt64Array(rows.length), BigInt, "i64");
    case "f64":
      return nullable(spec, rows, new Float64Array(rows.length), Number, "f64");
  }
}

function nullable<Row, Data extends { [index: number]: unknown }, Type extends "i64" | "f64">(
  spec: ColumnSpec<Row>,
  rows: readonly Row[],
  data: Data,
  convert: (value: bigint | number) => Data[number],
  type: Type,
): { name: string; type: Type; data: Data; nulls?: Uint8Array } {
  let nulls: Uint8Array | undefined;
  for (let index = 0; index < rows.length; index++) {
    const value = spec.value(rows[index]!);
    if (value === null) (nulls ??= new Uint8Array(rows.length))[index] = 1;
    else data[index as keyof Data] = convert(value as bigint | number) as Data[keyof Data];
  }
  return nulls ? { name: spec.name, type, data, nulls } : { name: spec.name, type, data };
}

function textColumn<Row>(spec: ColumnSpec<Row>, rows: readonly Row[]): Column {
  const values: (string | HeldText)[] = Array.from({ length: rows.length });
  let length = 0;
  for (let index = 0; index < rows.length; index++) {
    const value = spec.value(rows[index]!) ?? "";
    const text = typeof value === "string" || value instanceof HeldText ? value : String(value);
    values[index] = text;
    length += text.length;
  }
  let bytes: Buffer = Buffer.allocUnsafe(length + (length >> 4) + 64);
  const offsets = new Int32Array(rows.length + 1);
  let end = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (value !== "") {
      // UTF-8 needs at most three bytes for a UTF-16 unit; mostly one, so the buffer grows on demand.
      if (end + value.length * 3 > bytes.length) bytes = roomFor(bytes, end, value);
      end += typeof value === "string" ? bytes.write(value, end) : value.bytes.copy(bytes, end);
    }
    offsets[index + 1] = end;
  }
  return { name: spec.name, type: "text", offsets, bytes: bytes.subarray(0, end) };
}

function roomFor(bytes: Buffer, used: number, value: string | HeldText): Buffer {
  const exact = used + (typeof value === "string" ? Buffer.byteLength(value) : value.length);
  if (exact <= bytes.length) return bytes;
  const larger = Buffer.allocUnsafe(Math.max(exact, bytes.length * 2));
  bytes.copy(larger, 0, 0, used);
  return larger;
}
