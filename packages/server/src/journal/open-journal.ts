import { Buffer } from "node:buffer";
import { mkdir, unlink } from "node:fs/promises";
import { comparePositions, JOURNAL_START, JournalFullError } from "./journal.ts";
import type { Journal, JournalEntry, Position } from "./journal.ts";
import { measureSegments, segmentPath } from "./segment-files.ts";
import { HEADER_BYTES, MAX_BODY_BYTES, writeHead } from "./segment-format.ts";
import { SegmentWriter } from "./segment-writer.ts";

/** Bytes that may wait for their readers: a day of 15 spans of 3 kB a second. */
const MAX_UNREAD_BYTES = 4 * 2 ** 30;
/** A new file after this much, so that space comes back in small steps. */
const SEGMENT_BYTES = 64 * 2 ** 20;
/** Read segments kept, newest first, so that what a corrected translator reads differently can be told again. */
const KEEP_BYTES = 256 * 2 ** 20;
/** Bytes and entries of one sync: more would only make those in front wait. */
const GROUP_BYTES = 64 * 2 ** 20;
const GROUP_ENTRIES = 500;

/** How a journal is opened. */
export interface JournalOptions {
  /** Made when it does not exist. Nobody else may write there. */
  readonly directory: string;
  /** Bound on bytes that the slowest reader has not passed; 4 GiB when absent. */
  readonly maxUnreadBytes?: number;
  /** Size at which a new segment is begun; 64 MiB when absent. An entry is never split. */
  readonly segmentBytes?: number;
  /** Read segments that are kept; 256 MiB when absent. */
  readonly keepBytes?: number;
  /** Told how far the journal is on disk: once while opening, when something is there, then after each sync. */
  readonly onAdvance?: (position: Position) => void;
  /** Told when the disk refuses; the entries concerned have been rejected. */
  readonly onError?: (error: Error) => void;
}

/** Sizes for metrics and health. */
export interface JournalFigures {
  readonly unreadBytes: number;
  readonly storedBytes: number;
  readonly segments: number;
  readonly syncs: number;
  readonly failures: number;
}

/** Opens the writing side. After a crash a new segment is begun: a tail that may be damaged is never written behind. */
export async function openJournal(options: JournalOptions): Promise<JournalWriter> {
  await mkdir(options.directory, { recursive: true });
  const journal = new JournalWriter(options);
  if (comparePositions(journal.position, JOURNAL_START) > 0) options.onAdvance?.(journal.position);
  return journal;
}

interface Waiting {
  readonly entry: JournalEntry;
  readonly bytes: number;
  readonly resolve: (position: Position) => void;
  readonly reject: (error: Error) => void;
}

/** The journal of the front process, as `openJournal` makes it. */
export class JournalWriter implements Journal {
  readonly #options: JournalOptions;
  /** Bytes of each segment by number, oldest first. */
  readonly #segments: Map<number, number>;
  readonly #readers = new Map<string, { readonly needed: Position; readonly done: Position }>();
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #writer: SegmentWriter | undefined;
  #position: Position;
  /** Highest number that a segment had. */
  #highest: number;
  #unreadBytes = 0;
  #working: Promise<void> | undefined;
  #removing: Promise<void> = Promise.resolve();
  #closed = false;
  #syncs = 0;
  #failures = 0;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#segments = new Map(measureSegments(options.directory).map(({ segment, bytes }) => [segment, bytes]));
    this.#position = JOURNAL_START;
    for (const [segment, offset] of this.#segments) this.#position = { segment, offset };
    this.#highest = this.#position.segment;
    this.#unreadBytes = this.#bytesBehind(JOURNAL_START);
  }

  /** How far the journal is on disk. */
  get position(): Position {
    return this.#position;
  }

  /** Sizes as they are now. */
  figures(): JournalFigures {
    return {
      unreadBytes: this.#unreadBytes,
      storedBytes: this.#bytesBehind(JOURNAL_START),
      segments: this.#segments.size,
      syncs: this.#syncs,
      failures: this.#failures,
    };
  }

  /** See {@link Journal.append}. */
  append(entry: JournalEntry): Promise<Position> {
    if (this.#closed) return Promise.reject(new Error("the journal is closed: the server is stopping"));
    // 40: more than marker, length, checksum and meta.
    const bytes = entry.body.length + Buffer.byteLength(entry.project) + 40;
    if (bytes > MAX_BODY_BYTES) return Promise.reject(new RangeError(`an entry of ${bytes} bytes is too large`));
    const limit = this.#options.maxUnreadBytes ?? MAX_UNREAD_BYTES;
    if (this.#unreadBytes + this.#waitingBytes + bytes > limit) {
      const message = `the journal holds ${this.#unreadBytes} bytes that were not stored yet; the limit is ${limit}`;
      return Promise.reject(new JournalFullError(message));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entry, bytes, resolve, reject });
      this.#waitingBytes += bytes;
      this.#working ??= this.#work();
    });
  }

  /**
   * Tells that a reader needs nothing before `needed` any more, and is through with everything before `done`: what lies
   * between it may have to read again. Until the first call everything counts as unread and nothing is removed.
   */
  setReadPosition(reader: string, needed: Position, done: Position = needed): void {
    this.#readers.set(reader, { needed, done });
    const readers = [...this.#readers.values()];
    const slowest = readers.map((one) => one.needed).reduce(earlier);
    this.#unreadBytes = this.#bytesBehind(readers.map((one) => one.done).reduce(earlier));
    this.#removing = this.#removing.then(() => this.#removeRead(slowest));
  }

  /** Writes what waits, then ends. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#working;
    await this.#removing;
    await this.#writer?.close();
    this.#writer = undefined;
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) await this.#commit(this.#takeGroup());
    this.#working = undefined;
  }

  #takeGroup(): Waiting[] {
    let count = 0;
    let bytes = 0;
    for (const { bytes: size } of this.#waiting.slice(0, GROUP_ENTRIES)) {
      if (count > 0 && bytes + size > GROUP_BYTES) break;
      bytes += size;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    let ends: readonly Position[];
    try {
      ends = await this.#write(group);
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      await this.#fail(error);
      for (const { reject } of group) reject(error);
      return;
    } finally {
      this.#waitingBytes -= bytesOf(group);
    }
    for (const [index, { resolve }] of group.entries()) resolve(ends[index]!);
    try {
      this.#options.onAdvance?.(this.#position);
    } catch (cause) {
      this.#options.onError?.(new Error("the journal could not tell how far it is", { cause }));
    }
  }

  /** Writes and syncs a group; gives the position behind each entry. */
  async #write(group: readonly Waiting[]): Promise<readonly Position[]> {
    const writer = await this.#writerFor(bytesOf(group));
    const buffers: Buffer[] = [];
    const ends: Position[] = [];
    let bytes = 0;
    for (const { entry } of group) {
      const head = writeHead(entry, writer.marker);
      const { buffer, byteOffset, byteLength } = entry.body;
      buffers.push(head, Buffer.from(buffer, byteOffset, byteLength));
      bytes += head.length + byteLength;
      ends.push({ segment: writer.segment, offset: writer.offset + bytes });
    }
    await writer.write(buffers, bytes);
    this.#position = writer.position;
    this.#segments.set(writer.segment, writer.offset);
    this.#unreadBytes += bytes;
    this.#syncs++;
    return ends;
  }

  /** A file whose sync failed must not be trusted with more (its pages may be gone): a new one is begun. */
  async #fail(error: Error): Promise<void> {
    this.#failures++;
    const writer = this.#writer;
    this.#writer = undefined;
    await writer?.abandon();
    if (writer?.offset === HEADER_BYTES) this.#segments.delete(writer.segment);
    this.#options.onError?.(error);
  }

  async #writerFor(bytes: number): Promise<SegmentWriter> {
    const writer = this.#writer;
    const limit = this.#options.segmentBytes ?? SEGMENT_BYTES;
    if (writer && (writer.offset === HEADER_BYTES || writer.offset + bytes <= limit)) return writer;
    this.#writer = undefined;
    await writer?.close();
    // Numbers never repeat, also not when files were removed by hand under a reader that went further.
    this.#highest = Math.max(this.#highest, ...[...this.#readers.values()].map(({ needed }) => needed.segment)) + 1;
    const next = await SegmentWriter.create(this.#options.directory, this.#highest);
    this.#segments.set(next.segment, next.offset);
    return (this.#writer = next);
  }

  #bytesBehind(position: Position): number {
    let sum = 0;
    for (const [segment, bytes] of this.#segments) {
      if (segment > position.segment) sum += bytes;
      else if (segment === position.segment) sum += Math.max(0, bytes - position.offset);
    }
    return sum;
  }

  async #removeRead(slowest: Position): Promise<void> {
    let stored = this.#bytesBehind(JOURNAL_START);
    for (const [segment, bytes] of [...this.#segments].sort(([a], [b]) => a - b)) {
      stored -= bytes;
      const last = segment >= this.#position.segment || segment === this.#writer?.segment;
      if (segment >= slowest.segment || last || stored < (this.#options.keepBytes ?? KEEP_BYTES)) return;
      try {
        await unlink(segmentPath(this.#options.directory, segment));
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) {
          return this.#options.onError?.(error as Error);
        }
      }
      this.#segments.delete(segment);
    }
  }
}

function earlier(one: Position, other: Position): Position {
  return comparePositions(one, other) <= 0 ? one : other;
}

function bytesOf(group: readonly Waiting[]): number {
  return group.reduce((sum, { bytes }) => sum + bytes, 0);
}
