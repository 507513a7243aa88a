import { Buffer } from "node:buffer";

/** The lines of a store's answer, e.g. in the format `TabSeparated`. */
export function textLines(answer: Uint8Array): string[] {
  return Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength).toString().split("\n").filter(Boolean);
}

/** The rows of a store's answer in the format `JSONEachRow`; `Line` is what the statement selects. */
export function jsonLines<Line>(answer: Uint8Array): Line[] {
  return textLines(answer).map((line) => JSON.parse(line) as Line);
}
