/**
 * The contract between Telltale and a ClickHouse engine. There is one SQL and one schema
 * (`schema/`); a store only says how a statement reaches an engine and how rows come back.
 */

/** A column to insert: fixed-width values, or text as bytes with offsets (Arrow layout). */
export type Column =
  | { readonly name: string; readonly type: "u64"; readonly data: BigUint64Array }
  | { readonly name: string; readonly type: "i64"; readonly data: BigInt64Array; readonly nulls?: Uint8Array }
  | { readonly name: string; readonly type: "f64"; readonly data: Float64Array; readonly nulls?: Uint8Array }
  | { readonly name: string; readonly type: "text"; readonly offsets: Int32Array; readonly bytes: Uint8Array };

/** Rows of one table, column by column. `nulls` holds 1 for a row without a value. */
export interface ColumnBatch {
  /** Every column has this many values. */
  readonly rows: number;
  /** By name; the order does not matter. */
  readonly columns: readonly Column[];
}

/** A value bound to a `{name:Type}` place in SQL. Never spliced into the text by a caller. */
export type Parameter = string | number | bigint | boolean | null | readonly Parameter[];

/** Bounds of one read. */
export interface ReadOptions {
  /** ClickHouse output format; `JSONCompact` when absent. */
  readonly format?: string;
  /** Seconds until the engine gives up; 10 when absent. */
  readonly maxSeconds?: number;
  /** Memory that the read may take; the engine's own limit when absent. */
  readonly maxMemoryBytes?: number;
  /** More rows than this are cut off, not an error. */
  readonly maxResultRows?: number;
  /** `person`: SQL written by a person; own session, read-only, no writes, no table functions. */
  readonly lane?: "page" | "person";
}

/** An open engine. Reads may run side by side; `insert` and `exec` are called one at a time. */
export interface Store {
  readonly name: string;
  /** Runs a statement that answers nothing (migrations, maintenance). */
  exec(sql: string, parameters?: Readonly<Record<string, Parameter>>): Promise<void>;
  /**
   * `insert into <table> (columns…) select <expressions> from <the batch>`. Durable when it
   * resolves. The same table and token twice inserts once, also after a crash.
   */
  insert(insert: { table: string; target: readonly InsertTarget[]; batch: ColumnBatch; token: string }): Promise<void>;
  /** Runs one SELECT and gives the bytes of the answer in the format asked for. */
  read(sql: string, parameters?: Readonly<Record<string, Parameter>>, options?: ReadOptions): Promise<Uint8Array>;
  /** Waits for what is under way and lets go of the files. May be called twice. */
  close(): Promise<void>;
}

/** One column of the table, and the SQL over the batch's columns that fills it. */
export interface InsertTarget {
  /** As in `schema/`. */
  readonly column: string;
  /** SQL over the batch's column names; never made of anything a sender wrote. */
  readonly expression: string;
}

/** Thrown by stores: whose fault it is and whether trying again helps. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  /** `bad-query`: the statement; `limit`: it asked for too much; the others: the engine. */
  readonly code: "bad-query" | "limit" | "unavailable" | "failed";
  /** Whether the same statement may succeed later. */
  readonly retry: boolean;

  constructor(code: StoreError["code"], message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.retry = code === "unavailable";
  }
}
