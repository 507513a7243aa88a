import fc from "fast-check";
import { expect, it } from "vitest";
import { Buffer as WebBuffer } from "./buffer.web.ts";

/* Held to Node's own. */

const text = fc.string({ unit: "binary", maxLength: 300 });
const bytes = fc.uint8Array({ maxLength: 300 });

it("reads and writes text as Node does, halves of pairs too", () => {
  fc.assert(
    fc.property(text, fc.nat(300), fc.boolean(), (whole, at, cut) => {
      const value = cut ? whole.slice(at) : whole;
      expect([...WebBuffer.from(value)]).toEqual([...Buffer.from(value)]);
      expect(WebBuffer.byteLength(value)).toBe(Buffer.byteLength(value));
      const room = WebBuffer.alloc(1000);
      expect(room.write(value, 3, "utf8")).toBe(Buffer.byteLength(value));
      expect(room.toString("utf8", 3, 3 + Buffer.byteLength(value))).toBe(Buffer.from(value).toString("utf8"));
    }),
  );
});

it("reads bytes as Node does, whatever they are", () => {
  fc.assert(
    fc.property(bytes, fc.nat(300), fc.nat(300), (value, start, end) => {
      const [mine, theirs] = [WebBuffer.from(value), Buffer.from(value)];
      for (const encoding of ["utf8", "hex", "base64", "latin1"] as const) {
        expect(mine.toString(encoding)).toBe(theirs.toString(encoding));
        expect(mine.toString(encoding, start, end)).toBe(theirs.toString(encoding, start, end));
      }
      const room = WebBuffer.alloc(400);
      expect(room.write(theirs.toString("hex"), 3, "hex")).toBe(value.length);
      expect([...room.subarray(3, 3 + value.length)]).toEqual([...value]);
      const base64 = theirs.toString("base64");
      expect([...WebBuffer.from(base64, "base64")]).toEqual([...value]);
      expect([...WebBuffer.from(theirs.toString("base64url"), "base64")]).toEqual([...value]);
      expect(WebBuffer.byteLength(base64, "base64")).toBe(value.length);
      const twice = WebBuffer.concat([mine, mine.subarray(start, end)]);
      expect(Array.from(twice)).toEqual(Array.from(Buffer.concat([theirs, theirs.subarray(start, end)])));
      const wanted = value.subarray(start, start + 3);
      if (wanted.length > 0) expect(mine.indexOf(wanted)).toBe(theirs.indexOf(wanted));
      expect(mine.subarray(1)).toBeInstanceOf(WebBuffer);
      const [target, expected] = [WebBuffer.alloc(50), Buffer.alloc(50)];
      expect(mine.copy(target, 7, 2)).toBe(theirs.copy(expected, 7, Math.min(2, theirs.length)));
      expect([...target]).toEqual([...expected]);
    }),
  );
});

it("keeps numbers as Node does", () => {
  fc.assert(
    fc.property(
      fc.double(),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.nat(2 ** 31 - 1),
      (real, big, whole) => {
        const [mine, theirs] = [WebBuffer.alloc(20), Buffer.alloc(20)];
        for (const buffer of [mine, theirs]) {
          expect(buffer.writeDoubleLE(real, 0)).toBe(8);
          expect(buffer.writeBigInt64LE(big, 8)).toBe(16);
          expect(buffer.writeUInt32LE(whole, 16)).toBe(20);
        }
        expect([...mine]).toEqual([...theirs]);
        expect(mine.readDoubleLE()).toBe(real);
        expect(mine.readBigInt64LE(8)).toBe(big);
        expect(mine.readUInt32LE(16)).toBe(whole);
        const hex = theirs.toString("hex");
        expect([mine.write(hex, 0, "hex"), mine.toString("hex")]).toEqual([20, hex]);
      },
    ),
  );
});

it("takes memory without copying it, and copies what may change", () => {
  const memory = new Uint8Array([1, 2, 3, 4]);
  const [view, copy] = [WebBuffer.from(memory.buffer, 1, 2), WebBuffer.from(memory)];
  memory.fill(9);
  expect([[...view], [...copy]]).toEqual([
    [9, 9],
    [1, 2, 3, 4],
  ]);
  expect([WebBuffer.isBuffer(copy), WebBuffer.isBuffer(memory)]).toEqual([true, false]);
});
