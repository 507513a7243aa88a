import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventMessages } from "./event-stream.ts";

function header(name: string, value: string): Buffer {
  const text = Buffer.from(value);
  const length = Buffer.alloc(3);
  length[0] = 7;
  length.writeUInt16BE(text.length, 1);
  return Buffer.concat([Buffer.from([Buffer.byteLength(name)]), Buffer.from(name), length, text]);
}

function message(headers: readonly Buffer[], payload: Uint8Array): Buffer {
  const head = Buffer.concat(headers);
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(16 + head.length + payload.length, 0);
  prelude.writeUInt32BE(head.length, 4);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(prelude));
  const whole = Buffer.concat([prelude, sum, head, payload]);
  const last = Buffer.alloc(4);
  last.writeUInt32BE(crc32(whole));
  return Buffer.concat([whole, last]);
}

const told = fc.record({
  type: fc.string({ maxLength: 20 }),
  payload: fc.uint8Array({ maxLength: 60 }),
  // Headers of every other kind stand in between.
  others: fc.subarray([
    [1, 97, 0],
    [1, 98, 1],
    [1, 99, 2, 5],
    [1, 100, 3, 0, 5],
    [1, 101, 4, 0, 0, 0, 5],
    [1, 102, 5, 0, 0, 0, 0, 0, 0, 0, 5],
    [1, 103, 6, 0, 2, 9, 9],
    [1, 104, 8, 0, 0, 0, 0, 0, 0, 0, 5],
    [1, 105, 9, ...Array.from({ length: 16 }, () => 3)],
  ]),
});
const stream = fc.array(told, { maxLength: 4 });

function encode({ type, payload, others }: { type: string; payload: Uint8Array; others: number[][] }): Buffer {
  return message([...others.map((bytes) => Buffer.from(bytes)), header(":event-type", type)], payload);
}

describe("eventMessages", () => {
  it("gives the whole messages of a stream that is cut at any byte", () => {
    fc.assert(
      fc.property(stream, (all) => {
        const bytes = Buffer.concat(all.map(encode));
        const found = [...eventMessages(bytes)];
        expect(found.map(({ headers }) => headers.get(":event-type"))).toEqual(all.map(({ type }) => type));
        expect(found.map(({ payload }) => [...payload])).toEqual(all.map(({ payload }) => [...payload]));
        expect(found.at(-1)?.end ?? 0).toBe(bytes.length);
        for (let length = 0; length <= bytes.length; length++) {
          const whole = found.filter(({ end }) => end <= length).length;
          expect([...eventMessages(bytes.subarray(0, length))]).toHaveLength(whole);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("finds the next message after bytes that are none", () => {
    fc.assert(
      fc.property(stream, told, fc.nat(40), (before, lost, gap) => {
        // No whole message: its last byte is never there.
        const half = encode(lost).subarray(0, -1);
        const bytes = Buffer.concat([
          ...before.map(encode),
          half.subarray(0, gap % half.length),
          ...before.map(encode),
        ]);
        const types = before.map(({ type }) => type);
        expect([...eventMessages(bytes)].map(({ headers }) => headers.get(":event-type"))).toEqual([
          ...types,
          ...types,
        ]);
      }),
    );
  });

  it("tells no message that was damaged, and survives any bytes", () => {
    const bytes = encode({ type: "a", payload: Buffer.from("{}"), others: [] });
    bytes[bytes.length - 5] = (bytes.at(-5) ?? 0) ^ 1;
    expect([...eventMessages(bytes)]).toHaveLength(0);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (any) => [...eventMessages(any)].length >= 0));
  });

  it("survives headers that say more than there is", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (any) => {
        expect([...eventMessages(message([Buffer.from(any)], Buffer.from("{}")))]).toHaveLength(1);
      }),
    );
  });
});
