import { parseJson } from "./read-json.ts";

/** One value of a stream of JSON lines, and where in the text it ends. */
export interface JsonLine {
  readonly value: unknown;
  /** Index of the first character after the line. */
  readonly end: number;
}

/**
 * The values of a stream with one JSON value on each line. A last line without its end counts when it
 * is whole; lines that are no JSON are passed over.
 */
export function* jsonLines(text: string): Generator<JsonLine> {
  for (let start = 0; start < text.length;) {
    const found = text.indexOf("\n", start);
    const end = found < 0 ? text.length : found;
    const value = parseJson(text.slice(start, end).trim());
    if (value !== undefined) yield { value, end };
    start = end + 1;
  }
}
