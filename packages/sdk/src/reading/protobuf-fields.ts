/** One field of a message. `number` for varint and fixed32, `bytes` for the rest (fixed64 included). */
export interface Field {
  readonly field: number;
  readonly wireType: number;
  readonly number: number;
  readonly bytes: Buffer;
}

const NONE = Buffer.alloc(0);

/** The fields of a message one after the other. Throws a RangeError on anything not well-formed. */
export function* readFields(message: Buffer): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message[at++];
      if (byte === undefined || factor > 2 ** 63) throw new RangeError("A varint that does not end.");
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const key = varint();
    const wireType = key % 8;
    const field = Math.floor(key / 8);
    if (wireType === 0) {
      const start = at;
      const number = varint();
      yield { field, wireType, number, bytes: message.subarray(start, at) };
      continue;
    }
    if (wireType === 3 || wireType === 4 || wireType > 5) throw new RangeError("A kind of field that is unknown.");
    const length = wireType === 1 ? 8 : wireType === 5 ? 4 : varint();
    if (at + length > message.length) throw new RangeError("A field that is longer than its message.");
    const bytes = message.subarray(at, at + length);
    at += length;
    yield { field, wireType, number: wireType === 5 ? bytes.readUInt32LE() : 0, bytes };
  }
}

/** The first field of this number as bytes; empty when there is none. */
export function bytesField(message: Buffer, wanted: number): Buffer {
  for (const { field, wireType, bytes } of readFields(message)) if (field === wanted && wireType === 2) return bytes;
  return NONE;
}

/** The first field of this number as a number; 0 when there is none. */
export function numberField(message: Buffer, wanted: number): number {
  for (const { field, wireType, number } of readFields(message)) if (field === wanted && wireType === 0) return number;
  return 0;
}
