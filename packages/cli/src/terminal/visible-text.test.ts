import fc from "fast-check";
import { expect, test } from "vitest";
import { visibleText } from "./visible-text.ts";

test.each([
  ["\u001b[31mred\u001b[0m", "\\x1b[31mred\\x1b[0m"],
  ["\u001b]0;title\u0007", "\\x1b]0;title\\x07"],
  ["\u009b2J", "\\x9b2J"],
  ["a\nb\tc\r", "a\\nb\\tc\\r"],
  ["abc\u202egnp.exe", "abc\\u202egnp.exe"],
  ["Grüße, 世界 🙂", "Grüße, 世界 🙂"],
])("shows %j as %j", (text, shown) => {
  expect(visibleText(text)).toBe(shown);
});

test("lets no control character through, and leaves the rest as it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(visibleText(text)).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      const harmless = text.replace(/[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, "");
      expect(visibleText(harmless)).toBe(harmless);
    }),
  );
});
