import type { Row } from "../query.ts";

/** A text column of a row. */
export function textOf(row: Row, column: string): string {
  const value = row[column];
  return typeof value === "string" ? value : value === null || value === undefined ? "" : String(value);
}

/** A number column of a row; 64-bit integers come as text. */
export function numberOf(row: Row, column: string): number {
  return Number(row[column] ?? 0);
}

/** A number that may be unknown. */
export function knownNumberOf(row: Row, column: string): number | null {
  const value = row[column];
  return value === null || value === undefined ? null : Number(value);
}

/** An integer as decimal text, exact at any size; null when unknown. */
export function decimalOf(row: Row, column: string): string | null {
  const value = row[column];
  return value === null || value === undefined ? null : String(value);
}

/** A column that is an array of texts. */
export function textsOf(row: Row, column: string): string[] {
  const value = row[column];
  return Array.isArray(value) ? value.map(String) : [];
}
