import { searchText } from "../schema/search-text.ts";
import type { StatementParameters } from "./statement-parameters.ts";

/** As the index splits text: runs of letters and digits of ASCII, and everything beyond it. */
const TOKEN = /[A-Za-z0-9\u0080-\u{10ffff}]+/gu;

/** Of ASCII only: other white space is part of a word to the index. */
const OUTER_SPACE = /^[\t\n\f\r ]+|[\t\n\f\r ]+$/g;

/**
 * SQL that finds words standing side by side in a column, whatever white space is between them and
 * letter case of ASCII aside. The index finds rows with all the words; only those are then
 * searched for the words as written. Content is stored as JSON, by whichever writer: escapes are
 * looked for, too.
 */
export function compileText(column: string, text: string, parameters: StatementParameters): string {
  const conditions = [...writtenForms(text.replace(OUTER_SPACE, ""))].map((form) => {
    const pieces = form.split(/(?:[\t\n\f\r ]|\\[ntr])+/).filter((piece) => piece !== "");
    const tokens = pieces.flatMap((piece) => piece.match(TOKEN) ?? []);
    const words = `hasAllTokens(${searchText(column)}, lower(${parameters.bind("String", tokens.join(" "))}))`;
    // A word alone is told by the index; anything more has to stand there as written.
    if (tokens.length === 1 && tokens[0] === form) return words;
    const written = asWritten(column, pieces, parameters);
    return tokens.length === 0 ? written : `(${words} AND ${written})`;
  });
  return `(${conditions.join(" OR ")})`;
}

function asWritten(column: string, pieces: readonly string[], parameters: StatementParameters): string {
  if (pieces.length === 1) return `position(lower(${column}), lower(${parameters.bind("String", pieces[0]!)})) > 0`;
  const pattern = pieces.map((piece) => lowerCase(piece).replace(/[^a-z0-9_\u0080-\uffff]/g, "\\$&")).join("\\s+");
  return `match(${searchText(column)}, ${parameters.bind("String", pattern)})`;
}

/** As the engine's `lower`: ASCII only. */
function lowerCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** A text as itself, as JSON, and as JSON of a writer that escapes everything beyond ASCII. */
function writtenForms(text: string): Set<string> {
  const json = JSON.stringify(text).slice(1, -1);
  const ascii = json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return new Set([text, json, ascii]);
}
