import fc from "fast-check";
import { expect, test } from "vitest";
import { redactText } from "./redact-text.ts";
import type { Redactor } from "./redactor.ts";
import { redactors } from "./redactors/index.ts";

/** Finds every occurrence of a word. */
const wordRedactor = (name: string, word: string): Redactor => ({
  name,
  summary: `the word ${word}`,
  source: "this test",
  standard: true,
  anchors: [{ literal: word[0] ?? "" }],
  at: (text, index) => (text.startsWith(word, index) ? { start: index, end: index + word.length } : undefined),
});

test("replaces each secret by the name of its kind, and counts them", () => {
  const { text, counts } = redactText("pay 4111111111111111 or 5555555555554444", redactors);
  expect(text).toBe("pay [credit-card] or [credit-card]");
  expect(counts).toEqual(new Map([["credit-card", 2]]));
});

test("gives back the same text when there is nothing to find", () => {
  const { text, counts } = redactText("nothing to see here", redactors);
  expect(text).toBe("nothing to see here");
  expect(counts.size).toBe(0);
});

test("leaves no end of a secret behind where two kinds overlap", () => {
  const kinds = [wordRedactor("first", "abcd"), wordRedactor("second", "cdef"), wordRedactor("inner", "bc")];
  expect(redactText("x abcdef y", kinds).text).toBe("x [first] y");
  expect(redactText("x abcdef y", [...kinds].reverse()).text).toBe("x [first] y");
});

test("keeps every character that no range covers", () => {
  const kinds = [wordRedactor("a", "ab"), wordRedactor("b", "ba")];
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", "b", "c") }), (text) => {
      const redacted = redactText(text, kinds).text;
      expect(redacted).not.toMatch(/ab|ba/);
      expect(redacted.replaceAll(/\[[ab]\]/g, "").replaceAll(/[^c]/g, "")).toBe(text.replaceAll(/[^c]/g, ""));
    }),
  );
});
