import { parseJson } from "./read-json.ts";
import type { JsonPiece } from "./stream-piece.ts";

/**
 * The objects of a JSON list, in order, as far as the text goes: an answer streamed as one list
 * may be cut anywhere. An object that is not whole is not told.
 */
export function* arrayItems(text: string): Generator<JsonPiece> {
  const marks = /["{}\\]/g;
  let depth = 0;
  let start = 0;
  let isInText = false;
  for (let found = marks.exec(text); found !== null; found = marks.exec(text)) {
    const [mark] = found;
    if (mark === "\\") marks.lastIndex++;
    else if (mark === '"') isInText = !isInText;
    else if (isInText) continue;
    else if (mark === "{" && depth++ === 0) start = found.index;
    else if (mark === "}" && depth > 0 && --depth === 0) {
      yield { value: parseJson(text.slice(start, marks.lastIndex)), end: marks.lastIndex };
    }
  }
}
