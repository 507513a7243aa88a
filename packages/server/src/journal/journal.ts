import type { Signal } from "../otlp/record.ts";

/** A place between two entries: segment number and byte offset in its file. Ordered. */
export interface Position {
  /** Number of the segment's file, from 1, rising; 0 only in {@link JOURNAL_START}. */
  readonly segment: number;
  /** Bytes from the start of the segment's file. */
  readonly offset: number;
}

/** Before everything. */
export const JOURNAL_START: Position = { segment: 0, offset: 0 };

/** Below 0 when `a` lies before `b`, 0 when they are the same place, above 0 otherwise. */
export function comparePositions(a: Position, b: Position): number {
  return a.segment - b.segment || a.offset - b.offset;
}

/** Ways of writing traces that are not OTLP; `formats/` reads them. */
export type Format = "langsmith" | "langfuse" | "openai-agents";

/** One accepted request: what it was and its bytes, decompressed. */
export interface JournalEntry {
  /** Which of the three OTLP endpoints it came in by; "traces" for every other {@link Format}. */
  readonly signal: Signal;
  /** How `body` is written: OTLP in protobuf or JSON, or one of the other ways; "new-costs": spans priced again; "retold": spans to translate again. */
  readonly encoding: "protobuf" | "json" | "new-costs" | "retold" | Format;
  /** Project that the key or the header names; "" when the telemetry itself must tell. */
  readonly project: string;
  /** Nanoseconds since 1970. */
  readonly receivedAt: bigint;
  /** The request as sent, decompressed; of a {@link Format}, what was taken of it, as one JSON object. */
  readonly body: Uint8Array;
}

/** The writing side, in the front process. */
export interface Journal {
  /**
   * Resolves after the entry is on disk (group fsync); rejects with `JournalFullError` when the
   * bound on unread bytes is reached and with the system's error when the disk refuses. The body
   * must stay as it is until then. Appends may overlap; their order is the order of the calls.
   */
  append(entry: JournalEntry): Promise<Position>;
}

/** The bound on bytes that nobody has read yet is reached: answer 503 and Retry-After. */
export class JournalFullError extends Error {
  override readonly name = "JournalFullError";
}
