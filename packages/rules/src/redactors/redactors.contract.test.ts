import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { redactText } from "../redact-text.ts";
import { findWith } from "../testing/find-with.ts";
import { redactors } from "./index.ts";

/** Long enough that a search in quadratic time runs into the time limit of a test. */
const LONG = 200_000;

/** Texts that make searches with backtracking take for ever, each repeated. */
const HOSTILE = [
  "1",
  "1 ",
  "4-",
  "1.",
  "4111 ",
  "0 0 ",
  "+1",
  "(1) ",
  "00",
  "9",
  "1-1-",
  "GB82",
  "AA00 ",
  "12:",
  "sk-",
  "sk-a1",
  "SG.",
  "SG.a1-_",
  "ghp_",
  "xoxb-1-",
  "AKIA",
  "eyJ",
  "eyJ.",
  "eyJhbGciOiJIUzI1NiJ9.",
  "JQQJ99",
  "-----BEGIN PRIVATE KEY-----",
  "-----BEGIN PRIVATE KEY-----\n",
  "MIIE\n",
  "://",
  "a://b:",
  "://:@",
  "http://a:b",

  '"password":',
  '"password":"',
  "password=",
  "password",
  "token: ",
  '\\"password\\":\\"',
  '"key":{',
  "secret = [",
  "aws secret ",

  "@",
  "a@",
  "a@a.",
  "@a.b",
  "a.",
  "::",
  "a:",
  "aa:",
  "aa-",
  "2001:",
  "a",
  " ",
  "\\",
  "\\\\",
  "%2",
  "%41",
  "\n",
  '"',
  "\\u0040",
  "\\/",
  "passport ",
  "<<<<<",
  "P<USA",
  "driver's license ",
  "azure key",
  "curl -u ",
  " -u a:",
  "é",
  "中",
  "😀",
  "\ud800",
];

describe.each(redactors.map((redactor) => [redactor.name, redactor] as const))("%s", (name, redactor) => {
  const find = findWith(redactor);

  test("says what it is, where its rule is from, and where to look", () => {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(redactor.summary).not.toMatch(/\.$/);
    expect(redactor.source).not.toBe("");
    expect(redactor.anchors.length).toBeGreaterThan(0);
  });

  test("answers the same for the same text, whatever was searched in between", () => {
    const pieces = fc.array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string())).map((parts) => parts.join(""));
    fc.assert(
      fc.property(pieces, pieces, (text, other) => {
        const first = find(text);
        find(other);
        expect(find(text)).toEqual(first);
      }),
    );
  });

  test("answers at any place of any text with a range within it, or with none", () => {
    const pieces = fc.array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string())).map((parts) => parts.join(""));
    fc.assert(
      fc.property(pieces, fc.nat(), (text, place) => {
        const range = redactor.at(text, text.length === 0 ? 0 : place % text.length);
        if (range === undefined) return;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.end).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  test("comes to an end on long texts of one piece", () => {
    for (const piece of HOSTILE) find(piece.repeat(LONG / piece.length));
  });

  test("leaves nothing to find in a text that was redacted", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(find(redactText(text, [redactor]).text)).toEqual([]);
      }),
    );
  });
});
