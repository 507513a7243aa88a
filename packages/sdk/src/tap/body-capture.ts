import { bytesOfText } from "./bytes-of-text.ts";

/** Beginning of an answer that is kept: above 8 MiB only what stands at its end still matters. */
const HEAD_BYTES = 8 * 1024 * 1024;
/** End of an answer that is kept: usage and finish reason stand there. */
const TAIL_BYTES = 64 * 1024;
/** Text up to this is kept as it is. */
const LONGEST_TEXT = 4 * 1024;
const FIRST_BLOCK = 4 * 1024;
/** Arrival times kept; the first token comes far earlier than the 512th piece. */
const MARKS = 512;

/** Keeps a bounded copy of an answer as its pieces pass by, outside the JavaScript heap. */
export class BodyCapture {
  #head: Buffer | undefined;
  #headBytes = 0;
  #tail: Buffer[] | undefined;
  #tailBytes = 0;
  /** Bytes that went past the head, also those that the tail let go. */
  #passed = 0;
  #text: string | undefined;
  // Offsets and times in turn. Made when needed: most answers come in one piece, and what each
  // call holds until it is sent is what the collector has to move.
  #marks: number[] | undefined;

  // Undefined while the answer is kept; else the bytes that passed.
  #counted: number | undefined;

  /** From now on the bytes are counted and not kept. */
  countOnly(): void {
    this.#counted ??= this.size;
  }

  /** Bytes that passed unseen. */
  count(bytes: number): void {
    this.countOnly();
    this.#counted = (this.#counted ?? 0) + bytes;
  }

  /** Bytes that passed, kept or not. */
  get size(): number {
    return (
      this.#counted ?? this.#headBytes + this.#passed + (this.#text === undefined ? 0 : Buffer.byteLength(this.#text))
    );
  }

  /** Bytes held. */
  get heldBytes(): number {
    return (this.#head?.length ?? 0) + this.#tailBytes + (this.#text?.length ?? 0);
  }

  /** True when the middle of the answer was let go. */
  get cutShort(): boolean {
    return this.#tailBytes > 0;
  }

  /** Copies a piece: the program owns it and may change it. `time` in ms. */
  add(piece: Uint8Array, time: number): void {
    this.#marks ??= [];
    if (this.#counted !== undefined) {
      if (this.#marks.length === 0) this.#marks.push(0, time);
      this.#counted += piece.length;
      return;
    }
    if (this.#marks.length < 2 * MARKS) this.#marks.push(this.#headBytes + this.#tailBytes, time);
    const room = HEAD_BYTES - this.#headBytes;
    if (room > 0) this.#addHead(piece.length <= room ? piece : piece.subarray(0, room));
    if (piece.length > room) this.#addTail(Buffer.from(piece.subarray(Math.max(0, room))));
  }

  /** The whole answer at once, as the program got it. */
  setText(text: string): void {
    if (this.#counted !== undefined) this.#counted += Buffer.byteLength(text);
    // Long text waits outside the JavaScript heap, where no collection moves it.
    else if (text.length > LONGEST_TEXT) this.add(bytesOfText(text), 0);
    else this.#text = text;
  }

  /** What was kept, one after the other. */
  bytes(): Buffer {
    if (this.#text !== undefined) return Buffer.from(this.#text);
    const head = this.#head?.subarray(0, this.#headBytes) ?? Buffer.alloc(0);
    return this.#tailBytes === 0 ? head : Buffer.concat([head, ...(this.#tail ?? [])]);
  }

  /** What was kept, as text. */
  text(): string {
    return this.#text ?? this.bytes().toString("utf8");
  }

  /** When the piece with this byte arrived; undefined when that is not known. */
  timeAt(offset: number): number | undefined {
    const marks = this.#marks ?? [];
    let found: number | undefined;
    for (let index = 0; index < marks.length && (marks[index] ?? 0) <= offset; index += 2) found = marks[index + 1];
    return found;
  }

  /** When the first piece arrived. */
  get firstTime(): number | undefined {
    return this.#marks?.[1];
  }

  #addHead(piece: Uint8Array): void {
    const needed = this.#headBytes + piece.length;
    if (this.#head === undefined) this.#head = Buffer.allocUnsafeSlow(Math.max(FIRST_BLOCK, needed));
    if (this.#head.length < needed) {
      const larger = Buffer.allocUnsafeSlow(Math.min(HEAD_BYTES, Math.max(needed, this.#head.length * 2)));
      this.#head.copy(larger, 0, 0, this.#headBytes);
      this.#head = larger;
    }
    this.#head.set(piece, this.#headBytes);
    this.#headBytes = needed;
  }

  #addTail(piece: Buffer): void {
    const tail = (this.#tail ??= []);
    tail.push(piece);
    this.#tailBytes += piece.length;
    this.#passed += piece.length;
    const [first] = tail;
    if (first !== undefined && this.#tailBytes - first.length >= TAIL_BYTES) {
      tail.shift();
      this.#tailBytes -= first.length;
    }
  }
}
