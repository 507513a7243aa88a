import type { Signal } from "../otlp/record.ts";

/** A place between two entries: segment number and byte offset in its file. Ordered. */
export interface Position {
  /** From 0, rising by one. */
  readonly segment: number;
  /** Bytes from the start of the segment's file. */
  readonly offset: number;
}

/** One accepted request: what it was and its bytes, decompressed. */
export interface JournalEntry {
  /** Which of the three OTLP endpoints it came in by. */
  readonly signal: Signal;
  /** How `body` is written. */
  readonly encoding: "protobuf" | "json";
  /** Project that the key or the header names; "" when the telemetry itself must tell. */
  readonly project: string;
  /** Nanoseconds since 1970. */
  readonly receivedAt: bigint;
  /** The request as sent, decompressed. */
  readonly body: Uint8Array;
}

/** The writing side, in the front process. */
export interface Journal {
  /**
   * Resolves after the entry is on disk (group fsync); rejects with `JournalFullError` when the
   * bound on unread bytes is reached and with the system's error when the disk refuses.
   */
  append(entry: JournalEntry): Promise<Position>;
}

/** The bound on bytes that nobody has read yet is reached: answer 503 and Retry-After. */
export class JournalFullError extends Error {
  override readonly name = "JournalFullError";
}
