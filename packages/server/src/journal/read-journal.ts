import { Buffer } from "node:buffer";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { comparePositions, JOURNAL_START } from "./journal.ts";
import type { JournalEntry, Position } from "./journal.ts";
import { listSegments, segmentPath } from "./segment-files.ts";
import { entryBytes, findEntry, HEAD_BYTES, HEADER_BYTES, readEntry, readMarker } from "./segment-format.ts";

/** Entries that follow each other. */
export interface JournalSlice {
  readonly from: Position;
  /** Where to go on; also behind damage that was passed over, so `entries` may be empty. */
  readonly to: Position;
  /** Their bodies are views into a buffer that the next call of `next` or `seek` uses again. */
  readonly entries: readonly ReadEntry[];
  /** Bytes between `from` and `to`, as far as they were read. */
  readonly bytes: number;
}

/** An entry and the position behind it. */
export interface ReadEntry extends JournalEntry {
  readonly end: Position;
}

/** An open segment file. */
interface OpenSegment {
  readonly segment: number;
  readonly descriptor: number;
  /** `undefined` while the file is too short to have one. */
  readonly marker: number | undefined;
}

/** Opens the reading side at `from` (the start when absent). It gives nothing before `readUpTo`. */
export function readJournal(directory: string, from: Position = JOURNAL_START): JournalReader {
  return new JournalReader(directory, from);
}

/**
 * Reads a journal, also while another process writes it, up to the position that it was told is
 * on disk. Damage costs the entries it hit and is counted. Synchronous: a slice of some megabytes
 * is read from the page cache in milliseconds.
 */
export class JournalReader {
  /** What was passed over because its checksum or framing was wrong. */
  readonly damaged: { entries: number; bytes: number } = { entries: 0, bytes: 0 };
  readonly #directory: string;
  #position: Position;
  #limit: Position = JOURNAL_START;
  #open: OpenSegment | undefined;
  #buffer = Buffer.allocUnsafeSlow(0);

  constructor(directory: string, from: Position) {
    this.#directory = directory;
    this.#position = from;
  }

  /** Where the next slice begins. */
  get position(): Position {
    return this.#position;
  }

  /** Goes somewhere else: a position that a slice or an append gave. */
  seek(position: Position): void {
    this.#position = position;
  }

  /** Sets how far may be read: the journal is on disk up to there. */
  readUpTo(position: Position): void {
    this.#limit = position;
  }

  /** The next entries, at least one however large and else at most `maxBytes`; `undefined` when there are none yet. */
  next(maxBytes: number): JournalSlice | undefined {
    const from = this.#position;
    while (comparePositions(this.#position, this.#limit) < 0) {
      const open = this.#openSegment();
      if (open === undefined) this.#leaveSegment();
      else {
        const before = this.#position.offset;
        const entries = this.#readEntries(open, maxBytes);
        const bytes = this.#position.offset - before;
        if (entries.length > 0) return { from, to: this.#position, entries, bytes };
      }
    }
    return this.#position === from ? undefined : { from, to: this.#position, entries: [], bytes: 0 };
  }

  close(): void {
    if (this.#open) closeSync(this.#open.descriptor);
    this.#open = undefined;
  }

  #openSegment(): OpenSegment | undefined {
    const { segment } = this.#position;
    if (this.#open?.segment === segment && this.#open.marker !== undefined) return this.#open;
    this.close();
    let descriptor: number;
    try {
      descriptor = openSync(segmentPath(this.#directory, segment), "r");
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw error;
    }
    const start = Buffer.alloc(HEADER_BYTES + 4);
    const marker = readMarker(start.subarray(0, readSync(descriptor, start, 0, start.length, 0)));
    this.#open = { segment, descriptor, marker };
    return this.#open;
  }

  /** Goes to the next segment there is, or to the limit. */
  #leaveSegment(): void {
    const { segment } = this.#position;
    const next = segment < this.#limit.segment ? listSegments(this.#directory).find((one) => one > segment) : undefined;
    const reachable = next !== undefined && next <= this.#limit.segment;
    this.#position = reachable ? { segment: next, offset: 0 } : this.#limit;
  }

  /** Reads from the position on and moves it; without a sound entry it moves all the same. */
  #readEntries(open: OpenSegment, maxBytes: number): ReadEntry[] {
    const { segment } = open;
    const size = fstatSync(open.descriptor).size;
    const end = segment < this.#limit.segment ? size : Math.min(size, this.#limit.offset);
    const start = Math.max(this.#position.offset, HEADER_BYTES);
    if (start >= end || open.marker === undefined) {
      this.#leaveSegment();
      return [];
    }
    let buffer = this.#read(open.descriptor, start, Math.min(end - start, Math.max(maxBytes, HEAD_BYTES)));
    const first = entryBytes(buffer, 0, open.marker);
    if (first !== undefined && first > buffer.length && first <= end - start) {
      buffer = this.#read(open.descriptor, start, first);
    }
    const entries: ReadEntry[] = [];
    let offset = 0;
    for (let found = readEntry(buffer, 0, open.marker); found; found = readEntry(buffer, offset, open.marker)) {
      offset = found.end;
      entries.push({ ...found.entry, end: { segment, offset: start + offset } });
    }
    this.#position = { segment, offset: start + offset };
    if (entries.length === 0) this.#passDamage(open, start, end);
    return entries;
  }

  /** Behind bytes that are no entry: goes to the next sound entry of the segment, else to its end. */
  #passDamage(open: OpenSegment, start: number, end: number): void {
    const rest = this.#read(open.descriptor, start, end - start);
    const found = open.marker === undefined ? -1 : findEntry(rest, 1, open.marker);
    const bytes = found < 0 ? rest.length : found;
    this.damaged.entries++;
    this.damaged.bytes += bytes;
    this.#position = { segment: open.segment, offset: start + bytes };
    if (found < 0) this.#leaveSegment();
  }

  #read(descriptor: number, start: number, length: number): Buffer {
    if (this.#buffer.length < length) this.#buffer = Buffer.allocUnsafeSlow(length);
    let read = 0;
    while (read < length) {
      const bytes = readSync(descriptor, this.#buffer, read, length - read, start + read);
      if (bytes === 0) break;
      read += bytes;
    }
    return this.#buffer.subarray(0, read);
  }
}
