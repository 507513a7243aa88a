import { parseJson } from "./read-json.ts";

/** One piece of a stream, and where in the whole text it ends. */
export interface TextPiece {
  readonly data: string;
  /** Index of the first character after the piece. */
  readonly end: number;
}

/** The same with what it means. */
export interface JsonPiece {
  /** Undefined when the piece was no JSON. */
  readonly value: unknown;
  readonly end: number;
}

/** What pieces mean, one by one. */
export function* jsonPieces(pieces: Iterable<TextPiece>): Generator<JsonPiece> {
  for (const { data, end } of pieces) yield { value: parseJson(data), end };
}
