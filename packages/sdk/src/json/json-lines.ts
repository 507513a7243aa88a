import { parseJson } from "./read-json.ts";

/** One line of a stream of JSON lines, and where in the text it ends. */
export interface TextLine {
  readonly data: string;
  /** Index of the first character after the line. */
  readonly end: number;
}

/** The same with its value. */
export interface JsonLine {
  readonly value: unknown;
  readonly end: number;
}

/** The lines of a text that are not empty. A last line without its end counts. */
export function* textLines(text: string): Generator<TextLine> {
  for (let start = 0; start < text.length;) {
    const found = text.indexOf("\n", start);
    const end = found < 0 ? text.length : found;
    const data = text.slice(start, end).trim();
    if (data !== "") yield { data, end };
    start = end + 1;
  }
}

/**
 * The values of a stream with one JSON value on each line. A last line without its end counts when it
 * is whole; lines that are no JSON are passed over.
 */
export function* jsonLines(text: string): Generator<JsonLine> {
  for (const { data, end } of textLines(text)) {
    const value = parseJson(data);
    if (value !== undefined) yield { value, end };
  }
}
