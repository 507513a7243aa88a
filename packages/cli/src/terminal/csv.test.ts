import fc from "fast-check";
import { expect, test } from "vitest";
import { csvCell, csvLines } from "./csv.ts";

test.each([
  ["=1+1", "'=1+1"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["+49 30 1234", "'+49 30 1234"],
  ["-2+3", "'-2+3"],
  [" =1", "' =1"],
  ["\t=1", "'\t=1"],
  ["＝1", "'＝1"],
  ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
  ["-5.25", "-5.25"],
  ["+1e-9", "+1e-9"],
  [-5, "-5"],
  ["a,b", '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ["two\nlines", '"two\nlines"'],
  [null, ""],
  [["a", 1], '"[""a"",1]"'],
])("%j becomes %j", (value, cell) => {
  expect(csvCell(value)).toBe(cell);
});

/** A reader of RFC 4180, for one record. */
function readRecord(line: string): string[] {
  return [...line.matchAll(/("(?:[^"]|"")*"|[^,"]*)(?:,|$)/g)]
    .slice(0, line.endsWith(",") ? undefined : -1)
    .map(([, cell = ""]) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell));
}

test("a reader gets back what was written, with at most an apostrophe before it", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => {
      const line = csvLines({ columns: ["a", "b"], rows: [[one, `${other}.`]] })[1] ?? "";
      const [first = "", second = ""] = readRecord(line);
      expect([one, `'${one}`]).toContain(first);
      expect([`${other}.`, `'${other}.`]).toContain(second);
    }),
  );
});
