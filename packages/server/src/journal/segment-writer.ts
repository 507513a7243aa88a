import type { Buffer } from "node:buffer";
import { randomInt } from "node:crypto";
import { open, unlink } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import type { Position } from "./journal.ts";
import { segmentPath, syncDirectory } from "./segment-files.ts";
import { HEADER_BYTES, writeHeader } from "./segment-format.ts";

/** The segment that is being written. One call at a time. */
export class SegmentWriter {
  readonly segment: number;
  readonly marker: number;
  /** Bytes that are on disk. */
  offset: number = HEADER_BYTES;
  private readonly handle: FileHandle;
  private readonly path: string;

  private constructor(segment: number, marker: number, handle: FileHandle, path: string) {
    this.segment = segment;
    this.marker = marker;
    this.handle = handle;
    this.path = path;
  }

  /** Makes the file of a new segment; it and its name are on disk afterwards. Never opens one that exists. */
  static async create(directory: string, segment: number): Promise<SegmentWriter> {
    const path = segmentPath(directory, segment);
    const marker = randomInt(1, 2 ** 32 - 1);
    const handle = await open(path, "wx", 0o600);
    const writer = new SegmentWriter(segment, marker, handle, path);
    try {
      await handle.write(writeHeader(segment, marker), 0, HEADER_BYTES, 0);
      await handle.datasync();
      await syncDirectory(directory);
      return writer;
    } catch (error) {
      await writer.abandon();
      throw error;
    }
  }

  get position(): Position {
    return { segment: this.segment, offset: this.offset };
  }

  /** Writes behind what is there and syncs; `offset` moves only when both succeeded. */
  async write(buffers: readonly Buffer[], bytes: number): Promise<void> {
    let rest: Uint8Array[] = [...buffers];
    let written = 0;
    while (written < bytes) {
      const { bytesWritten } = await this.handle.writev(rest, this.offset + written);
      if (bytesWritten === 0) throw new Error(`the disk took none of ${bytes - written} bytes for ${this.path}`);
      written += bytesWritten;
      if (written < bytes) rest = without(rest, bytesWritten);
    }
    await this.handle.datasync();
    this.offset += bytes;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  /**
   * Ends a segment after a failed write or sync, of which nobody can tell how much arrived: cuts off
   * what was not acknowledged, or removes the file when nothing was. Never fails.
   */
  async abandon(): Promise<void> {
    const empty = this.offset === HEADER_BYTES;
    await this.handle.truncate(this.offset).catch(() => undefined);
    await this.handle.close().catch(() => undefined);
    if (empty) await unlink(this.path).catch(() => undefined);
  }
}

/** The buffers without their first `bytes` bytes. */
function without(buffers: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let left = bytes;
  const rest: Uint8Array[] = [];
  for (const buffer of buffers) {
    if (left >= buffer.length) left -= buffer.length;
    else {
      rest.push(buffer.subarray(left));
      left = 0;
    }
  }
  return rest;
}
