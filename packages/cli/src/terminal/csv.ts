import { cellText, type TableData } from "./table.ts";

/**
 * What a spreadsheet takes for a formula, also after blanks and in full-width form
 * (OWASP, "CSV Injection"). A plain negative number is one of them by its first character only.
 */
const FORMULA = /^[\s]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/** A cell of CSV (RFC 4180). Text that a spreadsheet would compute gets an apostrophe in front. */
export function csvCell(value: unknown): string {
  const text = cellText(value);
  const guarded = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/** Heads and rows as lines of CSV, without line ends. */
export function csvLines(data: TableData): string[] {
  return [data.columns, ...data.rows].map((row) => row.map(csvCell).join(","));
}
