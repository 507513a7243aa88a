import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { redactText } from "../redact-text.ts";
import { redactors } from "./index.ts";

/** Long enough that a search in quadratic time runs into the time limit of a test. */
const LONG = 200_000;

/** Texts that make searches with backtracking take for ever. */
const HOSTILE = [
  "1",
  "1 ",
  "4-",
  "sk-",
  "sk-a1",
  "SG.",
  "SG.a1-_",
  "ghp_",
  "xoxb-1-",
  "a",
  " ",
  "\\",
  "%2",
  "\n",
  "4111 ",
];

describe.each(redactors.map((redactor) => [redactor.name, redactor] as const))("%s", (name, redactor) => {
  test("says what it is", () => {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(redactor.summary).not.toMatch(/\.$/);
  });

  test("answers the same for the same text, whatever was searched in between", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, other) => {
        const first = redactor.find(text);
        redactor.mayOccur(other);
        redactor.find(other);
        expect(redactor.find(text)).toEqual(first);
      }),
    );
  });

  test.each(HOSTILE)("comes to an end on a long text of %j", (piece) => {
    const text = piece.repeat(LONG / piece.length);
    expect(redactor.find(text).length).toBeLessThanOrEqual(text.length / 12);
  });

  test("leaves nothing to find in a text that was redacted", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(redactor.find(redactText(text, [redactor]).text)).toEqual([]);
      }),
    );
  });
});
