import type { Billing } from "@telltale/model";
import type { ColumnBatch } from "../store.ts";
import { appendTo, type GrowingColumn, growingColumn, isTold } from "./column-writer.ts";
import type { NumberColumn } from "./number-column.ts";
import { BIGINT_FIELDS, SPAN_COLUMNS, SPAN_TARGETS } from "./span-columns.ts";
import type { SpanRow } from "./span-row.ts";
import type { TableInsert } from "./table-insert.ts";
import type { TextColumn } from "./text-column.ts";

type TextField = { [Field in keyof SpanRow]: SpanRow[Field] extends string ? Field : never }[keyof SpanRow];

/**
 * The span rows of one batch, column by column from the moment they are decoded. As objects they would wait in
 * the heap until they are inserted, and the collector would copy each of them twice: half of all its work.
 */
export class SpanBlock {
  readonly #columns: readonly { readonly field: keyof SpanRow; readonly column: GrowingColumn }[] = SPAN_COLUMNS.map(
    (spec) => ({ field: spec.name as keyof SpanRow, column: growingColumn(spec) }),
  );
  readonly #byName = new Map(this.#columns.map(({ field, column }) => [field, column]));
  readonly #billing: Billing[] = [];
  readonly #dropped = new Set<number>();
  #rows = 0;

  get rows(): number {
    return this.#rows;
  }

  /** Adds a row; answers its place in the block. `row` and `billing` are told later. */
  append(row: SpanRow): number {
    for (const { field, column } of this.#columns) if (field !== "billing") appendTo(column, row[field]);
    this.#billing.push(row.billing);
    return this.#rows++;
  }

  /** Leaves a row out of the insert: another one of this block stands for it, or it told nothing new. */
  drop(place: number): void {
    this.#dropped.add(place);
  }

  setBilling(place: number, billing: Billing): void {
    this.#billing[place] = billing;
  }

  /** Whether a text of a row has anything in it. */
  has(place: number, field: TextField): boolean {
    return this.#text(field).has(place);
  }

  /** One text of a row. */
  text(place: number, field: TextField): string {
    return this.#text(field).text(place);
  }

  #text(field: TextField): TextColumn {
    return this.#byName.get(field) as TextColumn;
  }

  /** A row as an object again, for those who compare and merge. */
  rowAt(place: number): SpanRow {
    const row: { [field: string]: unknown } = {};
    for (const { field, column } of this.#columns)
      if (column.type === "text") row[field] = column.text(place);
      else row[field] = BIGINTS.has(field) ? column.value(place) : smaller(column.value(place));
    row["billing"] = this.#billing[place];
    return row as unknown as SpanRow;
  }

  /** Numbers the rows from `first` on and gives what is to be inserted. */
  insert(first: number): TableInsert {
    const numbers = this.#byName.get("row") as NumberColumn;
    const billing = this.#byName.get("billing") as TextColumn;
    billing.clear();
    for (let place = 0; place < this.#rows; place++) {
      numbers.set(place, first + place);
      billing.append(this.#billing[place]!);
    }
    const kept = this.#dropped.size === 0 ? undefined : this.#kept();
    return {
      table: "span_rows",
      target: SPAN_TARGETS,
      rows: kept?.length ?? this.#rows,
      columns: (from, to) => this.#slice(from, to, kept),
    };
  }

  #kept(): number[] {
    const kept: number[] = [];
    for (let place = 0; place < this.#rows; place++) if (!this.#dropped.has(place)) kept.push(place);
    return kept;
  }

  #slice(from: number, to: number, kept: readonly number[] | undefined): ColumnBatch {
    const picked = kept?.slice(from, to);
    const columns = this.#columns.map(({ column }) => (picked ? column.pick(picked) : column.slice(from, to)));
    return { rows: to - from, columns: columns.filter(isTold) };
  }

  /** Begins anew in the same memory; only when the insert is over. */
  clear(): void {
    for (const { column } of this.#columns) column.clear();
    this.#billing.length = 0;
    this.#dropped.clear();
    this.#rows = 0;
  }
}

const BIGINTS: ReadonlySet<string> = new Set(BIGINT_FIELDS);

function smaller(value: bigint | number | null): number | null {
  return value === null ? null : Number(value);
}
