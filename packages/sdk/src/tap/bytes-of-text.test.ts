import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesOfText } from "./bytes-of-text.ts";

const letters = fc.constantFrom("a", " ", "\n", "é", "ß", "中", "✓", "\u{1f600}", "\ud83d", "\ude00", "\0", "\u007f");

test("the bytes of any text are those that Buffer.from makes, whatever stands at its end", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.array(letters).map((all) => all.join("")),
      ),
      (text) => {
        expect(bytesOfText(text).equals(Buffer.from(text))).toBe(true);
      },
    ),
    { numRuns: 2000 },
  );
});

test("a long text of ASCII with one letter beyond it, at any of its last places, is whole", () => {
  for (const letter of ["é", "中", "\u{1f600}", "\ud83d"])
    for (let place = 0; place < 8; place++) {
      const text = `${"x".repeat(5000)}${letter}${"y".repeat(place)}`;
      expect(bytesOfText(text).equals(Buffer.from(text))).toBe(true);
    }
});
