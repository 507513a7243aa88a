import { SetAside } from "./set-aside.ts";

const FIRST_SIZE = 16 * 1024;
/** Text that is bytes already goes out from where it is when it is longer: to copy it takes longer than one more piece. */
const SET_ASIDE = 8 * 1024;
/** A buffer that grew above this for one large span is not kept. */
const LARGEST_KEPT = 4 * 1024 * 1024;
/** Up to here room is made for the longest that text of so many letters can be. */
const LONGEST_GUESSED = 256 * 1024;
const TWO_TO_32 = 2 ** 32;

/**
 * Writes protobuf into one growing buffer. Nested messages are written in place: room for the
 * length is guessed and left free before them, and a message with a wrong guess is moved.
 */
export class ProtobufWriter {
  #bytes: Buffer = Buffer.allocUnsafeSlow(FIRST_SIZE);
  #end = 0;
  readonly #aside = new SetAside();
  // Spans of one batch share a handful of seconds, and BigInt is dear.
  #second = 0;
  #secondLow = 0;
  #secondHigh = 0;

  /** Bytes written so far. */
  get length(): number {
    return this.#end + this.#aside.length;
  }

  /** What was written, as bytes of its own; the writer begins anew. */
  take(): Buffer {
    const pieces = this.takePieces();
    return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
  }

  /** The same in pieces, one after the other: large texts that were given as bytes are those very bytes. */
  takePieces(): Buffer[] {
    return this.#aside.takeBetween(this.#takeOwn());
  }

  #takeOwn(): Buffer {
    const taken = Buffer.allocUnsafeSlow(this.#end);
    this.#bytes.copy(taken, 0, 0, this.#end);
    this.#end = 0;
    if (this.#bytes.length > LARGEST_KEPT) this.#bytes = Buffer.allocUnsafeSlow(FIRST_SIZE);
    return taken;
  }

  /** A copy of what was written after `length` bytes, none of which were large. */
  since(length: number): Buffer {
    return Buffer.from(this.#bytes.subarray(length - this.#aside.length, this.#end));
  }

  /** Writes what {@link since} gave. */
  copy(written: Buffer): void {
    this.#room(written.length);
    this.#bytes.set(written, this.#end);
    this.#end += written.length;
  }

  /** Forgets what was written after `length` bytes. */
  rewind(length: number): void {
    this.#end = this.#aside.rewind(length);
  }

  varint(field: number, value: number): void {
    this.#room(16);
    this.#number((field << 3) | 0);
    this.#number(value);
  }

  /** An int64, two's complement when negative. `value` must be a safe integer. */
  integer(field: number, value: number): void {
    if (value >= 0) return this.varint(field, value);
    this.#room(16);
    this.#number((field << 3) | 0);
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 127n; rest >>= 7n) this.#bytes[this.#end++] = Number(rest & 127n) | 128;
    this.#bytes[this.#end++] = Number(rest);
  }

  double(field: number, value: number): void {
    this.#room(16);
    this.#number((field << 3) | 1);
    this.#end = this.#bytes.writeDoubleLE(value, this.#end);
  }

  fixed32(field: number, value: number): void {
    this.#room(16);
    this.#number((field << 3) | 5);
    this.#end = this.#bytes.writeUInt32LE(value, this.#end);
  }

  fixed64(field: number, value: bigint): void {
    this.#room(16);
    this.#number((field << 3) | 1);
    this.#end = this.#bytes.writeBigInt64LE(value, this.#end);
  }

  /** Milliseconds since 1970 as nanoseconds. */
  time(field: number, milliseconds: number): void {
    this.#room(16);
    this.#number((field << 3) | 1);
    const second = Math.floor(milliseconds / 1000);
    if (second !== this.#second) {
      const nanoseconds = BigInt(second) * 1_000_000_000n;
      this.#second = second;
      this.#secondLow = Number(nanoseconds & 0xffffffffn);
      this.#secondHigh = Number(nanoseconds >> 32n);
    }
    const low = this.#secondLow + Math.round((milliseconds - second * 1000) * 1e6);
    this.#word(low % TWO_TO_32);
    this.#word(this.#secondHigh + (low >= TWO_TO_32 ? 1 : 0));
  }

  /** Bytes given as hex digits. */
  hex(field: number, digits: string): void {
    this.#room(digits.length + 16);
    this.#number((field << 3) | 2);
    this.#number(digits.length / 2);
    this.#end += this.#bytes.write(digits, this.#end, "hex");
  }

  /** Text, or bytes that are text already. */
  text(field: number, value: string | Buffer): void {
    if (typeof value !== "string") return this.#copy(field, value);
    this.#room(mostBytesOf(value) + 16);
    this.#number((field << 3) | 2);
    // Nobody counts the bytes before: counting 50 kB takes 10 µs, writing them 3, and nearly every guess is right.
    const place = this.#end;
    const reserved = sizeOf(value.length);
    this.#end += reserved;
    this.#end += this.#bytes.write(value, this.#end, "utf8");
    this.#fillLength(place, reserved, 0);
  }

  /**
   * Begins a message inside this one; `expected` is a guess of its length. Answers with the place
   * that {@link close} wants to know.
   */
  open(field: number, expected = 0): number {
    this.#room(16);
    this.#number((field << 3) | 2);
    const place = this.#end;
    this.#end += sizeOf(expected);
    return place;
  }

  /** Ends a message that was begun at `place` with the same guess. */
  close(place: number, expected = 0): void {
    const reserved = sizeOf(expected);
    this.#fillLength(place, reserved, this.#aside.lengthSince(place));
  }

  /** A KeyValue of OTLP whose value is text: KeyValue.key, and KeyValue.value, an AnyValue with a string_value. */
  textAttribute(field: number, name: string, value: string | Buffer): void {
    const inner = 1 + sizeOf(value.length) + value.length;
    const outer = 1 + sizeOf(name.length) + name.length + 1 + sizeOf(inner) + inner;
    const pair = this.open(field, outer);
    this.text(1, name);
    const any = this.open(2, inner);
    this.text(1, value);
    this.close(any, inner);
    this.close(pair, outer);
  }

  /** Writes how long it is, with what was set aside, before what stands behind the room that was left for that. */
  #fillLength(place: number, reserved: number, aside: number): void {
    const own = this.#end - place - reserved;
    const length = own + aside;
    const needed = sizeOf(length);
    if (needed !== reserved) {
      this.#room(needed);
      this.#bytes.copyWithin(place + needed, place + reserved, this.#end);
      if (aside > 0) this.#aside.moved(place, needed - reserved);
    }
    this.#end = place;
    this.#number(length);
    this.#end += own;
  }

  #word(value: number): void {
    const bytes = this.#bytes;
    bytes[this.#end++] = value & 255;
    bytes[this.#end++] = (value >>> 8) & 255;
    bytes[this.#end++] = (value >>> 16) & 255;
    bytes[this.#end++] = (value >>> 24) & 255;
  }

  #copy(field: number, value: Buffer): void {
    this.#room((value.length > SET_ASIDE ? 0 : value.length) + 16);
    this.#number((field << 3) | 2);
    this.#number(value.length);
    if (value.length > SET_ASIDE) {
      this.#aside.add(this.#end, value);
    } else this.#end += value.copy(this.#bytes, this.#end);
  }

  #number(value: number): void {
    let rest = value;
    // Above 2^31 the bit operators no longer work.
    for (; rest > 0x7fffffff; rest = Math.floor(rest / 128)) this.#bytes[this.#end++] = (rest % 128) | 128;
    for (; rest > 127; rest >>>= 7) this.#bytes[this.#end++] = (rest & 127) | 128;
    this.#bytes[this.#end++] = rest;
  }

  #room(bytes: number): void {
    const needed = this.#end + bytes;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#end);
    this.#bytes = larger;
  }
}

/** What text can take in UTF-8; exact where room for the worst would be waste. */
function mostBytesOf(text: string): number {
  return text.length > LONGEST_GUESSED ? Buffer.byteLength(text) : text.length * 3;
}

function sizeOf(length: number): number {
  let size = 1;
  for (let rest = length; rest > 127; rest = Math.floor(rest / 128)) size++;
  return size;
}
