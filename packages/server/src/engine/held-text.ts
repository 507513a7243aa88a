/** Bytes of one arena; a batch takes a few of them. */
const CHUNK_BYTES = 1024 * 1024;

/**
 * A text kept as UTF-8 outside the JavaScript heap. A batch holds thousands of prompts until they
 * are inserted: as strings, the collector copies each of them twice, a third of all its work.
 */
export class HeldText {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get length(): number {
    return this.bytes.length;
  }

  toString(): string {
    return this.bytes.toString();
  }
}

let chunk = Buffer.alloc(0);
let used = 0;

/** Moves a text out of the heap. */
export function holdText(text: string): HeldText {
  // UTF-8 needs at most three bytes for a UTF-16 unit.
  const most = text.length * 3;
  if (most > CHUNK_BYTES) return new HeldText(Buffer.from(text));
  if (used + most > chunk.length) {
    chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    used = 0;
  }
  const start = used;
  used += chunk.write(text, start);
  return new HeldText(chunk.subarray(start, used));
}
