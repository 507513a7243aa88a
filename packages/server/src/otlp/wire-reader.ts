import { Buffer } from "node:buffer";
import { MAX_GROUPS, MAX_VALUES } from "./limits.ts";
import { readCachedText } from "./text-cache.ts";

/** Protobuf wire types (https://protobuf.dev/programming-guides/encoding/). */
export const VARINT = 0;
export const FIXED64 = 1;
export const BYTES = 2;
export const FIXED32 = 5;

const TWO_32 = 4_294_967_296;

/** Longer text is unlikely to come twice and dear to compare. */
const MAX_CACHED_BYTES = 48;

/**
 * Reads protobuf wire format from one buffer. Never throws: the first thing that makes no sense
 * is kept in `failure`, and the position moves to the end of the buffer, so that every loop
 * `while (reader.position < end)` stops. Who can contain the damage calls `recover`.
 * (Throwing costs microseconds, which a hostile sender would make us pay a million times.)
 */
export class WireReader {
  readonly bytes: Buffer;
  position = 0;
  failure: string | undefined;
  /** Values still allowed in this request. */
  valuesLeft: number = MAX_VALUES;
  /** Resources and scopes still allowed in this request. */
  groupsLeft: number = MAX_GROUPS;
  private readonly view: DataView;

  constructor(body: Uint8Array) {
    this.bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    this.view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  }

  fail(what: string): void {
    this.failure ??= `${what} at byte ${Math.min(this.position, this.bytes.length)}`;
    this.position = this.bytes.length;
  }

  /** Forgets a failure inside a part and goes on behind that part. */
  recover(end: number): void {
    this.failure = undefined;
    this.position = end;
  }

  /** Field number × 8 + wire type. */
  tag(): number {
    const tag = this.varint();
    if (tag < 8 || tag >= TWO_32) this.fail("no field tag");
    return tag;
  }

  /** An unsigned varint; exact up to 2⁵³, which is all that lengths and enums need. */
  varint(): number {
    const bytes = this.bytes;
    const first = bytes[this.position];
    if (first !== undefined && first < 0x80) {
      this.position++;
      return first;
    }
    let value = 0;
    let factor = 1;
    for (let count = 0; count < 10; count++) {
      const byte = bytes[this.position];
      if (byte === undefined) break;
      this.position++;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
    this.fail("cut or endless number");
    return 0;
  }

  /** A signed 64-bit varint: a number within ±(2⁵³-1), else a bigint. */
  int64(): number | bigint {
    const bytes = this.bytes;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = bytes[this.position];
      if (byte === undefined) break;
      this.position++;
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >> 4;
      } else high |= bits << (shift - 32);
      if (byte < 0x80) return joinInt64(low, high);
    }
    this.fail("cut or endless number");
    return 0;
  }

  /** A little-endian unsigned 64-bit integer, exact. */
  fixed64(): bigint {
    if (this.position + 8 > this.bytes.length) {
      this.fail("cut number");
      return 0n;
    }
    const value = this.view.getBigUint64(this.position, true);
    this.position += 8;
    return value;
  }

  /** A little-endian signed 64-bit integer: a number within ±(2⁵³-1), else a bigint. */
  sfixed64(): number | bigint {
    const value = BigInt.asIntN(64, this.fixed64());
    return value >= -9_007_199_254_740_991n && value <= 9_007_199_254_740_991n ? Number(value) : value;
  }

  double(): number {
    if (this.position + 8 > this.bytes.length) {
      this.fail("cut number");
      return 0;
    }
    const value = this.view.getFloat64(this.position, true);
    this.position += 8;
    return value;
  }

  /** Reads a length and gives where the part ends; the part must lie within `limit`. */
  partEnd(limit: number): number {
    const length = this.varint();
    const end = this.position + length;
    if (end > limit) {
      this.fail(`a part of ${length} bytes where ${Math.max(0, limit - this.position)} are left`);
      return this.bytes.length;
    }
    return end;
  }

  /** Text from here to `end`; bytes that are no UTF-8 become U+FFFD. */
  text(end: number): string {
    const start = this.position;
    this.position = end;
    const length = end - start;
    if (length === 0 || this.failure !== undefined) return "";
    if (length <= MAX_CACHED_BYTES) return readCachedText(this.bytes, start, end);
    return this.bytes.toString("utf8", start, end);
  }

  hex(start: number, end: number): string {
    return this.bytes.toString("hex", start, end);
  }

  /** Passes over a field of a wire type, within `limit`. Groups are passed over whole. */
  skip(tag: number, limit: number): void {
    switch (tag & 7) {
      case VARINT:
        this.varint();
        break;
      case FIXED64:
        this.position += 8;
        break;
      case BYTES:
        this.position = this.partEnd(limit);
        break;
      case FIXED32:
        this.position += 4;
        break;
      case 3:
        this.skipGroup(limit);
        break;
      default:
        this.fail(`unknown wire type ${tag & 7}`);
    }
    if (this.position > limit && this.failure === undefined) this.fail("a field that goes on behind its message");
  }

  /** Groups are history, but legal: counts the open ones instead of calling itself. */
  private skipGroup(limit: number): void {
    let open = 1;
    while (open > 0 && this.failure === undefined) {
      if (this.position >= limit) return this.fail("a group without an end");
      const tag = this.tag();
      if ((tag & 7) === 3) open++;
      else if ((tag & 7) === 4) open--;
      else this.skip(tag, limit);
    }
  }
}

function joinInt64(low: number, high: number): number | bigint {
  const value = (high | 0) * TWO_32 + (low >>> 0);
  if (Number.isSafeInteger(value)) return value;
  return (BigInt(high | 0) << 32n) | BigInt(low >>> 0);
}
