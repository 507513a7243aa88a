import { parseJson, recordOf, type JsonRecord } from "./read-json.ts";

/** No usage object is longer. */
const LONGEST = 16 * 1024;

/**
 * The last object under this name in a JSON text that may be cut in the middle: what stands behind
 * megabytes of pictures or vectors. Undefined when there is none.
 */
export function lastObject(text: string, name: string): JsonRecord | undefined {
  const key = `"${name}"`;
  for (let at = text.lastIndexOf(key); at >= 0; at = at === 0 ? -1 : text.lastIndexOf(key, at - 1)) {
    const start = text.slice(at + key.length, at + key.length + 32).search(/^\s*:\s*\{/);
    if (start < 0) continue;
    const open = text.indexOf("{", at + key.length);
    const end = closingBrace(text, open);
    const found = end === undefined ? undefined : recordOf(parseJson(text.slice(open, end + 1)));
    if (found !== undefined) return found;
  }
  return undefined;
}

function closingBrace(text: string, open: number): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let at = open; at < Math.min(text.length, open + LONGEST); at++) {
    const character = text[at];
    if (quoted) {
      if (character === "\\") at++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === "{") depth++;
    else if (character === "}" && --depth === 0) return at;
  }
  return undefined;
}
