import { Buffer } from "node:buffer";
import { crc32 } from "node:zlib";
import type { JournalEntry } from "./journal.ts";

/*
 * A segment is a header and entries, all numbers little-endian.
 *
 *   header  "TELLTALE" | u32 version | u32 marker | u32 segment | u32 crc of the 20 bytes before
 *   entry   u32 marker | u32 length of what follows the crc | u32 crc of length, meta and body | meta | body
 *   meta    u8 signal | u8 encoding | u16 bytes of the project | i64 receivedAt | project
 *
 * The marker is random for each segment: behind a damaged entry the next one is found by it, and no
 * sender can know it and so forge an entry inside of a body.
 */

const MAGIC = Buffer.from("TELLTALE");
const VERSION = 1;

/** Bytes before the first entry. */
export const HEADER_BYTES = 24;
/** Marker, length and checksum of an entry. */
export const HEAD_BYTES = 12;
const META_BYTES = 12;

/** The length of an entry is a u32. */
export const MAX_BODY_BYTES: number = 2 ** 31;

const SIGNALS = ["traces", "logs", "metrics"] as const;
/** Stored as their index: only ever added to. */
const ENCODINGS = ["protobuf", "json", "langsmith", "langfuse", "openai-agents", "new-costs", "retold"] as const;

/** An entry found in a segment, its body a view into the buffer that was searched. */
export interface FoundEntry {
  readonly entry: JournalEntry;
  /** Behind the entry, in the buffer. */
  readonly end: number;
}

/** The header of a segment. */
export function writeHeader(segment: number, marker: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32LE(VERSION, 8);
  header.writeUInt32LE(marker, 12);
  header.writeUInt32LE(segment, 16);
  header.writeUInt32LE(crc32(header.subarray(0, 20)), 20);
  return header;
}

/**
 * The marker of a segment by its first bytes: the header's, or the first entry's when the header
 * is damaged; `undefined` when the file is too short for either.
 */
export function readMarker(start: Buffer): number | undefined {
  if (start.length < HEADER_BYTES) return undefined;
  const sound = start.readUInt32LE(20) === crc32(start.subarray(0, 20)) && start.subarray(0, 8).equals(MAGIC);
  if (sound) return start.readUInt32LE(12);
  return start.length < HEADER_BYTES + 4 ? undefined : start.readUInt32LE(HEADER_BYTES);
}

/** Everything of an entry that stands before its body. */
export function writeHead(entry: JournalEntry, marker: number): Buffer {
  const project = Buffer.from(entry.project);
  const head = Buffer.allocUnsafe(HEAD_BYTES + META_BYTES + project.length);
  const length = META_BYTES + project.length + entry.body.length;
  head.writeUInt32LE(marker, 0);
  head.writeUInt32LE(length, 4);
  head[HEAD_BYTES] = SIGNALS.indexOf(entry.signal);
  head[HEAD_BYTES + 1] = ENCODINGS.indexOf(entry.encoding);
  head.writeUInt16LE(project.length, HEAD_BYTES + 2);
  head.writeBigInt64LE(entry.receivedAt, HEAD_BYTES + 4);
  project.copy(head, HEAD_BYTES + META_BYTES);
  head.writeUInt32LE(crc32(entry.body, crc32(head.subarray(HEAD_BYTES), length)), 8);
  return head;
}

/** Bytes of the whole entry at `offset` by its head; `undefined` when no head with this marker is there. */
export function entryBytes(buffer: Buffer, offset: number, marker: number): number | undefined {
  if (offset + HEAD_BYTES > buffer.length || buffer.readUInt32LE(offset) !== marker) return undefined;
  return HEAD_BYTES + buffer.readUInt32LE(offset + 4);
}

/** The entry at `offset`, if all of it is in the buffer and its checksum is right. */
export function readEntry(buffer: Buffer, offset: number, marker: number): FoundEntry | undefined {
  const bytes = entryBytes(buffer, offset, marker);
  if (bytes === undefined || bytes < HEAD_BYTES + META_BYTES || offset + bytes > buffer.length) return undefined;
  const end = offset + bytes;
  const meta = offset + HEAD_BYTES;
  if (crc32(buffer.subarray(meta, end), bytes - HEAD_BYTES) !== buffer.readUInt32LE(offset + 8)) return undefined;
  const signal = SIGNALS[buffer[meta]!];
  const encoding = ENCODINGS[buffer[meta + 1]!];
  const bodyStart = meta + META_BYTES + buffer.readUInt16LE(meta + 2);
  if (signal === undefined || encoding === undefined || bodyStart > end) return undefined;
  const project = buffer.toString("utf8", meta + META_BYTES, bodyStart);
  const receivedAt = buffer.readBigInt64LE(meta + 4);
  return { entry: { signal, encoding, project, receivedAt, body: buffer.subarray(bodyStart, end) }, end };
}

/** Where the next sound entry starts at or behind `offset`; -1 when there is none. */
export function findEntry(buffer: Buffer, offset: number, marker: number): number {
  const pattern = Buffer.alloc(4);
  pattern.writeUInt32LE(marker);
  let found = buffer.indexOf(pattern, offset);
  while (found >= 0 && readEntry(buffer, found, marker) === undefined) found = buffer.indexOf(pattern, found + 1);
  return found;
}
