import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ProtobufWriter } from "./protobuf-writer.ts";
import { bytesField, readFields } from "../reading/protobuf-fields.ts";

/** Texts around the lengths at which a varint grows, of letters of one to four bytes. */
const text = fc
  .tuple(
    fc.constantFrom("a", "é", "語", "💥", "\ud800"),
    fc.constantFrom(0, 40, 41, 42, 63, 64, 120, 127, 128, 5461, 5462, 16_383, 16_384, 300_000),
    fc.string({ unit: "binary", maxLength: 60 }),
  )
  .map(([letter, count, rest]) => letter.repeat(count) + rest);

describe("text in protobuf", () => {
  it("comes back as it was, at every length, with whatever stands before and behind it", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 5 }), (pairs) => {
        const writer = new ProtobufWriter();
        for (const [name, value] of pairs) {
          writer.textAttribute(9, name, value);
          writer.text(5, value);
          writer.textAttribute(9, name, Buffer.from(value));
        }
        const found = [...readFields(writer.take())].map(({ field, bytes }) =>
          field === 5
            ? bytes.toString()
            : [bytesField(bytes, 1).toString(), bytesField(bytesField(bytes, 2), 1).toString()],
        );
        const expected = pairs.flatMap(([name, value]) => {
          const pair = [name.toWellFormed(), value.toWellFormed()];
          return [pair, value.toWellFormed(), pair];
        });
        expect(found).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it("is the very bytes that were given where it is long, in messages of any guessed length, and forgotten as any other", () => {
    const sizes = fc.constantFrom(1, 8192, 8193, 20_000, 70_000);
    fc.assert(
      fc.property(fc.array(fc.tuple(sizes, fc.nat(100_000)), { minLength: 1, maxLength: 6 }), (messages) => {
        const writer = new ProtobufWriter();
        const given = messages.map(([size, guess], index) => {
          const value = Buffer.alloc(size, 97 + index);
          for (const isKept of [false, true]) {
            const start = writer.length;
            const place = writer.open(2, guess);
            writer.textAttribute(9, "a", value);
            writer.text(5, "between");
            writer.textAttribute(9, "b", value);
            writer.close(place, guess);
            if (!isKept) writer.rewind(start);
          }
          return value;
        });
        const { length } = writer;
        const pieces = writer.takePieces();
        const whole = Buffer.concat(pieces);
        expect([whole.length, writer.length]).toEqual([length, 0]);
        for (const value of given)
          expect(pieces.filter((piece) => piece === value)).toHaveLength(value.length > 8192 ? 2 : 0);
        const found = [...readFields(whole)].map(({ bytes }) =>
          [...readFields(bytes)].map((each) =>
            each.field === 5 ? each.bytes : bytesField(bytesField(each.bytes, 2), 1),
          ),
        );
        expect(found).toEqual(given.map((value) => [value, Buffer.from("between"), value]));
      }),
      { numRuns: 60 },
    );
  });
});
