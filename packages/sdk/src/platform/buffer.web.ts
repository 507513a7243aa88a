/*
 * The part of Node's Buffer that the SDK uses, for places that have none. The build for browsers and workers puts it in
 * the place of the global; `globals.web.d.ts` holds the sources to this part.
 */
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

type Encoding = "utf8" | "hex" | "base64" | "latin1";

/** Without its static functions, which take other parameters than Node's of the same name. */
const Bytes: new (first: number | ArrayBufferLike, offset?: number, length?: number) => Uint8Array<ArrayBuffer> =
  Uint8Array;

/** Bytes in Node's manner. */
export class Buffer extends Bytes {
  static from(
    value: string | ArrayBufferLike | readonly number[] | Uint8Array,
    second?: Encoding | number,
    length?: number,
  ): Buffer {
    if (typeof value === "string") return second === "base64" ? ofBase64(value) : viewOf(encoder.encode(value));
    if (!("length" in value)) return new Buffer(value, typeof second === "number" ? second : 0, length);
    const copy = new Buffer(value.length);
    copy.set(value);
    return copy;
  }

  static alloc(length: number): Buffer {
    return new Buffer(length);
  }

  static allocUnsafeSlow(length: number): Buffer {
    return new Buffer(length);
  }

  static isBuffer(value: unknown): value is Buffer {
    return value instanceof Buffer;
  }

  static concat(pieces: readonly Uint8Array[]): Buffer {
    const whole = new Buffer(pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }

  static byteLength(text: string, encoding?: Encoding): number {
    if (encoding === "base64") return Math.floor((text.replace(/={1,2}$/, "").length * 3) / 4);
    let bytes = text.length;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) bytes++;
      // Of a pair each half is two bytes of the four; a half alone becomes a mark of three.
      if (code > 0x7ff && !isPaired(text, index, code)) bytes++;
    }
    return bytes;
  }

  override subarray(start?: number, end?: number): Buffer {
    const part = super.subarray(start, end);
    return new Buffer(part.buffer, part.byteOffset, part.byteLength);
  }

  override toString(encoding: Encoding = "utf8", start = 0, end: number = this.length): string {
    const part = start === 0 && end === this.length ? this : this.subarray(start, end);
    if (encoding === "utf8") return decoder.decode(part);
    if (encoding === "hex") return Array.from(part, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return encoding === "base64" ? btoa(lettersOf(part)) : lettersOf(part);
  }

  override indexOf(wanted: number | Uint8Array, from = 0): number {
    if (typeof wanted === "number") return super.indexOf(wanted, from);
    const [first = 0] = wanted;
    for (let at = super.indexOf(first, from); at !== -1; at = super.indexOf(first, at + 1)) {
      if (wanted.every((byte, index) => this[at + index] === byte)) return at;
    }
    return -1;
  }

  /** Copies from `sourceStart` to `sourceEnd` into `target`, as far as there is room. */
  copy(target: Uint8Array, at = 0, sourceStart = 0, sourceEnd: number = this.length): number {
    const part = this.subarray(sourceStart, Math.min(sourceEnd, sourceStart + target.length - at));
    target.set(part, at);
    return part.length;
  }

  write(text: string, at: number, encoding: "utf8" | "hex"): number {
    if (encoding === "utf8") return encoder.encodeInto(text, this.subarray(at)).written;
    for (let index = 0; index < text.length / 2; index++) {
      this[at + index] = Number.parseInt(text.slice(2 * index, 2 * index + 2), 16);
    }
    return text.length / 2;
  }

  writeDoubleLE(value: number, at: number): number {
    this.#view.setFloat64(at, value, true);
    return at + 8;
  }

  writeUInt32LE(value: number, at: number): number {
    this.#view.setUint32(at, value, true);
    return at + 4;
  }

  writeBigInt64LE(value: bigint, at: number): number {
    this.#view.setBigInt64(at, value, true);
    return at + 8;
  }

  readUInt32LE(at = 0): number {
    return this.#view.getUint32(at, true);
  }

  readDoubleLE(at = 0): number {
    return this.#view.getFloat64(at, true);
  }

  readBigInt64LE(at = 0): bigint {
    return this.#view.getBigInt64(at, true);
  }

  get #view(): DataView {
    return new DataView(this.buffer, this.byteOffset, this.byteLength);
  }
}

function viewOf(bytes: Uint8Array<ArrayBuffer>): Buffer {
  return new Buffer(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** As Node reads it: also the letters for URLs, and what is none left out. */
function ofBase64(text: string): Buffer {
  const letters = text
    .replaceAll("-", "+")
    .replaceAll("_", "/")
    .replace(/[^A-Za-z0-9+/]/g, "");
  const whole = letters.length % 4 === 1 ? letters.slice(0, -1) : letters;
  const decoded = atob(whole);
  const bytes = new Buffer(decoded.length);
  for (let index = 0; index < decoded.length; index++) bytes[index] = decoded.charCodeAt(index);
  return bytes;
}

/** Longer lists of parameters overflow the stack. */
const LETTERS_AT_ONCE = 8192;

function lettersOf(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += LETTERS_AT_ONCE) {
    text += String.fromCharCode(...bytes.subarray(at, at + LETTERS_AT_ONCE));
  }
  return text;
}

function isPaired(text: string, index: number, code: number): boolean {
  if (code >= 0xd800 && code < 0xdc00) return isBetween(text.charCodeAt(index + 1), 0xdc00, 0xe000);
  return isBetween(code, 0xdc00, 0xe000) && isBetween(text.charCodeAt(index - 1), 0xd800, 0xdc00);
}

function isBetween(code: number, least: number, above: number): boolean {
  return code >= least && code < above;
}
