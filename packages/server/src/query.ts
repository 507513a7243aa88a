import type { ZodType } from "zod";
import type { Parameter, ReadOptions } from "./store.ts";

/** What a query may ask of the store. The engine process answers; see `engine/`. */
export interface Reader {
  /** Rows of a SELECT as objects by column name. 64-bit integers and decimals come as text. */
  rows(sql: string, parameters?: Readonly<Record<string, Parameter>>, options?: ReadOptions): Promise<Row[]>;
  /** The answer's bytes in the format asked for. */
  bytes(sql: string, parameters?: Readonly<Record<string, Parameter>>, options?: ReadOptions): Promise<Uint8Array>;
}

/** One row of an answer. */
export type Row = { readonly [column: string]: unknown };

/**
 * A question that pages and people ask: one file, one route, one entry of the OpenAPI document.
 * `run` is pure but for the reader, may run many times at once, and throws `QueryError`.
 */
export interface Query<Input = unknown, Output = unknown> {
  /** Kebab-case, e.g. `list-traces`; the OpenAPI operation id. */
  readonly name: string;
  readonly summary: string;
  /** GET unless the input is too long for an address. */
  readonly method: "GET" | "POST";
  /** Under `/api/v1`, with `:name` places, e.g. `/traces/:traceId`. */
  readonly path: string;
  /** Path places, query string and (POST) JSON body together, as one object. */
  readonly input: ZodType<Input>;
  /** Bytes of a POST's body at most, where it may be larger than most questions. */
  readonly mostBytes?: number;
  /** The JSON answer; its schema goes into the OpenAPI document. */
  readonly output: ZodType<Output>;
  /** Answers with `output`, or with its JSON; throws `QueryError` for what the asker can mend. */
  run(input: Input, reader: Reader): Promise<Output | WrittenAnswer>;
}

/**
 * An answer that is JSON already, for those too large to be built as objects. The pieces one
 * after another are the JSON of the query's `output`.
 */
export class WrittenAnswer {
  /** In order. */
  readonly pieces: readonly Uint8Array[];

  constructor(pieces: readonly Uint8Array[]) {
    this.pieces = pieces;
  }
}

/** What went wrong with a question, and what to do about it. */
export class QueryError extends Error {
  override readonly name = "QueryError";
  /** The HTTP status of the answer. */
  readonly status: 400 | 404 | 408 | 413 | 415 | 503;
  /** Kebab-case, for programs: `bad-filter`. */
  readonly code: string;
  /** What to do about it, for people. */
  readonly hint?: string;

  constructor(status: QueryError["status"], code: string, message: string, hint?: string) {
    super(message);
    this.status = status;
    this.code = code;
    if (hint !== undefined) this.hint = hint;
  }
}
