import type { Attributes, AttributeValue } from "@telltale/model";
import { MAX_ATTRIBUTES, MAX_KEY_BYTES, MAX_VALUE_DEPTH } from "./limits.ts";
import { TOO_DEEP, TOO_MANY, UNREADABLE } from "./limits.ts";
import type { WireReader } from "./wire-reader.ts";

/** For the many records that carry none. */
export const NO_ATTRIBUTES: Attributes = new Map();

/** Attributes of one record while they are read. */
export class AttributeList {
  private entries: Map<string, AttributeValue> | undefined;
  dropped = 0;

  get map(): Attributes {
    return this.entries ?? NO_ATTRIBUTES;
  }

  /** Reads one `KeyValue` field; damage inside it stays inside it. */
  read(reader: WireReader, limit: number): void {
    const end = reader.partEnd(limit);
    if (reader.failure !== undefined) return;
    this.entries ??= new Map();
    if (this.entries.size >= MAX_ATTRIBUTES || reader.valuesLeft-- <= 0) {
      this.dropped++;
      reader.position = end;
    } else readKeyValue(reader, end, this.entries, 0);
  }
}

/** `KeyValue`: key = 1, value = 2. Leaves the reader sound at `end` whatever the bytes are. */
function readKeyValue(reader: WireReader, end: number, into: Map<string, AttributeValue>, depth: number): void {
  let key = "";
  let value: AttributeValue = null;
  while (reader.position < end) {
    const tag = reader.tag();
    if (tag === 10) key = readKey(reader, reader.partEnd(end));
    else if (tag === 18) value = readAnyValue(reader, reader.partEnd(end), depth);
    else reader.skip(tag, end);
  }
  if (reader.failure !== undefined || reader.position !== end) {
    reader.recover(end);
    value = UNREADABLE;
  }
  into.set(key, value);
}

function readKey(reader: WireReader, end: number): string {
  if (end - reader.position <= MAX_KEY_BYTES || reader.failure !== undefined) return reader.text(end);
  let cut = reader.position + MAX_KEY_BYTES;
  while (((reader.bytes[cut] ?? 0) & 0xc0) === 0x80) cut--;
  const key = reader.text(cut) + "…";
  reader.position = end;
  return key;
}

/**
 * `AnyValue`: string = 1, bool = 2, int = 3, double = 4, array = 5, kvlist = 6, bytes = 7; null when
 * empty. Leaves the reader sound at `end` whatever the bytes are.
 */
export function readAnyValue(reader: WireReader, end: number, depth: number): AttributeValue {
  let value: AttributeValue = null;
  while (reader.position < end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        value = reader.text(reader.partEnd(end));
        break;
      case 16:
        value = reader.varint() !== 0;
        break;
      case 24:
        value = reader.int64();
        break;
      case 33:
        value = reader.double();
        break;
      case 42:
        value = readArray(reader, reader.partEnd(end), depth + 1);
        break;
      case 50:
        value = readList(reader, reader.partEnd(end), depth + 1);
        break;
      case 58: {
        const bytesEnd = reader.partEnd(end);
        // A copy, because the buffer is used again for the next request.
        value = new Uint8Array(reader.bytes.subarray(reader.position, bytesEnd));
        reader.position = bytesEnd;
        break;
      }
      default:
        reader.skip(tag, end);
    }
  }
  if (reader.failure === undefined && reader.position === end) return value;
  reader.recover(end);
  return UNREADABLE;
}

function readArray(reader: WireReader, end: number, depth: number): AttributeValue {
  if (depth > MAX_VALUE_DEPTH) return passOver(reader, end, TOO_DEEP);
  const items: AttributeValue[] = [];
  while (reader.position < end) {
    const tag = reader.tag();
    if (tag !== 10) reader.skip(tag, end);
    else if (reader.valuesLeft-- > 0) items.push(readAnyValue(reader, reader.partEnd(end), depth));
    else items.push(passOver(reader, end, TOO_MANY));
  }
  return items;
}

function readList(reader: WireReader, end: number, depth: number): AttributeValue {
  if (depth > MAX_VALUE_DEPTH) return passOver(reader, end, TOO_DEEP);
  const entries = new Map<string, AttributeValue>();
  while (reader.position < end) {
    const tag = reader.tag();
    if (tag !== 10) reader.skip(tag, end);
    else if (reader.valuesLeft-- > 0) readKeyValue(reader, reader.partEnd(end), entries, depth);
    else entries.set(TOO_MANY, passOver(reader, end, null));
  }
  return entries;
}

function passOver(reader: WireReader, end: number, marker: AttributeValue): AttributeValue {
  if (reader.failure === undefined) reader.position = end;
  return marker;
}
