import type { StatementParameters } from "./statement-parameters.ts";

/** As the index splits text: runs of letters and digits of ASCII, and everything beyond it. */
const TOKEN = /[A-Za-z0-9\u0080-\u{10ffff}]+/gu;

/** Escapes of white space in JSON: their letter is glued to the word behind them, `\nhello` → `nhello`. */
const GLUED = ["n", "t", "r"];

/**
 * SQL that finds words standing side by side in a column, letter case of ASCII aside. The index
 * finds rows with all the words; only those are then searched for the words as written. Content
 * is stored as JSON, by whichever writer: escapes are looked for, too.
 */
export function compileText(column: string, text: string, parameters: StatementParameters): string {
  const folded = `lower(${column})`;
  const alternatives: string[] = [];
  for (const form of writtenForms(text.trim())) {
    const tokens = form.match(TOKEN) ?? [];
    const asWritten = `position(${folded}, lower(${parameters.bind("String", form)})) > 0`;
    if (tokens.length === 0) {
      alternatives.push(asWritten);
      continue;
    }
    const all = (words: readonly string[]): string =>
      `hasAllTokens(${folded}, lower(${parameters.bind("String", words.join(" "))}))`;
    // A word alone is told by the index; anything more has to stand there as written.
    alternatives.push(tokens.length === 1 && tokens[0] === form ? all(tokens) : `(${all(tokens)} AND ${asWritten})`);
    if (!form.startsWith(tokens[0]!)) continue;
    for (const letter of GLUED) {
      const escaped = parameters.bind("String", `\\${letter}${form}`);
      const glued = all([letter + tokens[0], ...tokens.slice(1)]);
      alternatives.push(`(${glued} AND position(${folded}, lower(${escaped})) > 0)`);
    }
  }
  return `(${alternatives.join(" OR ")})`;
}

/** A text as itself, as JSON, and as JSON of a writer that escapes everything beyond ASCII. */
function writtenForms(text: string): Set<string> {
  const json = JSON.stringify(text).slice(1, -1);
  const ascii = json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return new Set([text, json, ascii]);
}
