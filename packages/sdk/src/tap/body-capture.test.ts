import fc from "fast-check";
import { expect, it } from "vitest";
import { BodyCapture } from "./body-capture.ts";

it("keeps every piece in its order, whatever becomes of the pieces afterwards", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 9000 })), (pieces) => {
      const whole = Buffer.concat(pieces);
      const capture = new BodyCapture();
      for (const [index, piece] of pieces.entries()) {
        capture.add(piece, index);
        piece.fill(0);
      }
      expect(capture.bytes().equals(whole)).toBe(true);
      expect(capture.cutShort).toBe(false);
    }),
    { numRuns: 50 },
  );
});

it("knows when each byte came", () => {
  const capture = new BodyCapture();
  for (const time of [10, 20, 30]) capture.add(new Uint8Array(4), time);
  expect([0, 3, 4, 8, 11].map((offset) => capture.timeAt(offset))).toEqual([10, 10, 20, 30, 30]);
  expect(capture.firstTime).toBe(10);
  expect(new BodyCapture().timeAt(0)).toBeUndefined();
});

it("keeps the beginning and the end of an answer without end, in bounded memory", () => {
  const capture = new BodyCapture();
  const piece = new Uint8Array(64 * 1024).fill(120);
  capture.add(Buffer.from("first"), 0);
  for (let count = 0; count < 300; count++) capture.add(piece, count);
  capture.add(Buffer.from('"usage":{}'), 301);
  expect(capture.cutShort).toBe(true);
  expect(capture.heldBytes).toBeLessThan(9 * 1024 * 1024);
  expect(capture.text().startsWith("first")).toBe(true);
  expect(capture.text().endsWith('x"usage":{}')).toBe(true);
});

it("takes a long text as well as a short one", () => {
  for (const text of ["", "é", "é".repeat(10_000)]) {
    const capture = new BodyCapture();
    capture.setText(text);
    expect(capture.text()).toBe(text);
  }
});
