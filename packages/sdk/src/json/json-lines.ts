import { type JsonPiece, jsonPieces, type TextPiece } from "./stream-piece.ts";

/** The lines of a text that are not empty. A last line without its end counts. */
export function* textLines(text: string): Generator<TextPiece> {
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
export function* jsonLines(text: string): Generator<JsonPiece> {
  for (const piece of jsonPieces(textLines(text))) if (piece.value !== undefined) yield piece;
}
