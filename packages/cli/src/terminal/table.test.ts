import fc from "fast-check";
import { expect, test } from "vitest";
import { displayWidth } from "./display-width.ts";
import { tableLines } from "./table.ts";

test("lines columns up, numbers to the right, and leaves null empty", () => {
  const rows = [
    ["gpt-4o", 12, 0.5],
    ["claude-sonnet-4", 7, null],
  ];
  expect(tableLines({ columns: ["model", "calls", "usd"], rows })).toEqual([
    "model            calls  usd",
    "───────────────  ─────  ───",
    "gpt-4o              12  0.5",
    "claude-sonnet-4      7",
  ]);
});

test("takes width from the widest column first", () => {
  const rows = [["0af7651916cd43dd", "a very long text that nobody needs to see in full here"]];
  const lines = tableLines({ columns: ["id", "text"], rows }, 40);
  expect(lines[2]).toBe("0af7651916cd43dd  a very long text that…");
});

test("shows what would move the cursor, in heads and in cells", () => {
  const lines = tableLines({ columns: ["a\u001b[2J"], rows: [["b\nc"], [["x", "\u0007"]]] });
  expect([lines[0], lines[2], lines[3]]).toEqual(["a\\x1b[2J", "b\\nc", '["x","\\u0007"]']);
});

test("goes by the type that the server tells: money and large counts come as text", () => {
  const rows = [
    ["0.000037500", "10"],
    ["12.5", "9"],
  ];
  const types = ["Nullable(Decimal(38, 9))", "UInt64"];
  expect(tableLines({ columns: ["usd", "calls"], types, rows }).slice(2)).toEqual([
    "0.000037500     10",
    "       12.5      9",
  ]);
});

test("has one line for each row and fits the terminal, whatever is in it", () => {
  const cell = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.string({ unit: "binary" }));
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell)), fc.integer({ min: 20, max: 200 }), (rows, width) => {
      const lines = tableLines({ columns: ["one", "two"], rows }, width);
      expect(lines).toHaveLength(rows.length + 2);
      for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
    }),
  );
});
