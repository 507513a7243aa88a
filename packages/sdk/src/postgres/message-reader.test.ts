import fc from "fast-check";
import { expect, it } from "vitest";
import { MessageReader } from "./message-reader.ts";

function message(type: string, body: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

it("finds the wanted messages however the bytes are divided", () => {
  const one = fc.record({ type: fc.constantFrom("Q", "D", "Z"), body: fc.uint8Array({ maxLength: 40 }) });
  fc.assert(
    fc.property(fc.array(one), fc.array(fc.integer({ min: 1, max: 12 })), (messages, cuts) => {
      const found: [number, string][] = [];
      const isWanted = (type: number): boolean => type !== 68;
      const reader = new MessageReader(isWanted, (type, body) => found.push([type, body.toString("hex")]));
      let left = Buffer.concat(messages.map(({ type, body }) => message(type, body)));
      for (const cut of [...cuts, left.length]) {
        reader.add(left.subarray(0, cut));
        left = left.subarray(cut);
      }
      const wanted = messages.filter(({ type }) => type !== "D");
      expect(found).toEqual(wanted.map(({ type, body }) => [type.charCodeAt(0), Buffer.from(body).toString("hex")]));
    }),
  );
});

it("passes over what is too long to be a question, and says of other bytes that they are none", () => {
  const found: number[] = [];
  const reader = new MessageReader(
    () => true,
    (type) => found.push(type),
  );
  reader.add(message("Q", new Uint8Array(2_000_000)));
  reader.add(message("Z", new Uint8Array(1)));
  expect(found).toEqual([90]);
  expect(() => reader.add(Buffer.alloc(5))).toThrow(RangeError);
});
