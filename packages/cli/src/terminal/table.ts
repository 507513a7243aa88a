import { displayWidth, fitWidth } from "./display-width.ts";
import { visibleText } from "./visible-text.ts";

/** No column is narrower than this while others could give way. */
const MIN_COLUMN = 8;
/** A cell is not looked at further than this; payloads of megabytes are not for a table. */
const MAX_CELL = 1000;
const GAP = "  ";

/** What a table is made of: a value is text, a number, a list …; null and undefined are empty. */
export interface TableData {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  /** ClickHouse type of each column; without it the values tell what is a number. */
  readonly types?: readonly string[];
}

const NUMERIC = /^(Nullable\()?(U?Int\d+|Float\d+|Decimal)/;

/** A value of an answer as text: text itself, JSON for what has parts, nothing for null. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (typeof value === "object") return JSON.stringify(value);
  return String(value);
}

/**
 * Gives each column what it wants, and takes from the widest until all fit.
 *
 * @param wanted width of the longest cell of each column
 * @param available columns of the terminal
 */
function shareWidth(wanted: readonly number[], available: number): number[] {
  const widths = [...wanted];
  let excess = widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1) - available;
  while (excess > 0) {
    const widest = Math.max(...widths);
    if (widest <= MIN_COLUMN) break;
    const index = widths.indexOf(widest);
    const second = Math.max(MIN_COLUMN, ...widths.filter((width) => width < widest));
    const give = Math.min(excess, Math.max(1, widest - second));
    widths[index] = widest - give;
    excess -= give;
  }
  return widths;
}

/**
 * A table as lines: heads, a rule, rows. Numbers stand right. Whatever is in the data, each row is one line, and no
 * control character reaches the terminal.
 *
 * @param available columns of the terminal; without it nothing is cut but cells above 1,000 characters
 */
export function tableLines(data: TableData, available?: number): string[] {
  const heads = data.columns.map((name) => visibleText(name));
  const cells = data.rows.map((row) => heads.map((_, index) => visibleText(cellText(row[index]).slice(0, MAX_CELL))));
  const right = heads.map((_, index) =>
    data.types
      ? NUMERIC.test(data.types[index] ?? "")
      : data.rows.every((row) => row[index] === null || isNumber(row[index])),
  );
  const wanted = heads.map((head, index) =>
    cells.reduce((widest, row) => Math.max(widest, displayWidth(row[index] ?? "")), displayWidth(head)),
  );
  const widths = available === undefined ? wanted : shareWidth(wanted, available);
  const line = (row: readonly string[]): string =>
    row
      .map((cell, index) => pad(fitWidth(cell, widths[index] ?? 0), widths[index] ?? 0, right[index] === true))
      .join(GAP)
      .trimEnd();
  return [line(heads), widths.map((width) => "─".repeat(width)).join(GAP), ...cells.map(line)];
}

function isNumber(value: unknown): boolean {
  return typeof value === "number" || typeof value === "bigint";
}

function pad(text: string, width: number, right: boolean): string {
  const space = " ".repeat(Math.max(0, width - displayWidth(text)));
  return right ? space + text : text + space;
}
