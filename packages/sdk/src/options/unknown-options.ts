import { warn } from "../diagnostics.ts";
import { OPTION_NAMES } from "./option-names.ts";

/** A name as wrong as this is another name. */
const MOST_EDITS = 3;

/** Says which options nobody reads: a slip of the pen would otherwise be silence. */
export function tellUnknownOptions(options: object): void {
  for (const name of Object.keys(options)) {
    if (OPTION_NAMES.has(name)) continue;
    const near = nearest(name);
    const meant = near === undefined ? "." : `: is ${near} meant?`;
    warn(`initialize has no option ${name.slice(0, 60)}${meant} It is ignored.`);
  }
}

function nearest(name: string): string | undefined {
  let best: string | undefined;
  let fewest = MOST_EDITS + 1;
  for (const candidate of OPTION_NAMES) {
    const edits = editsBetween(name.toLowerCase(), candidate.toLowerCase());
    if (edits < fewest) [best, fewest] = [candidate, edits];
  }
  return best;
}

/** Levenshtein's distance. */
function editsBetween(first: string, second: string): number {
  if (Math.abs(first.length - second.length) > MOST_EDITS) return MOST_EDITS + 1;
  let row = Array.from({ length: second.length + 1 }, (_, index) => index);
  for (let at = 1; at <= first.length; at++) {
    const next = [at];
    for (let to = 1; to <= second.length; to++) {
      const replaced = (row[to - 1] ?? 0) + (first[at - 1] === second[to - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[to] ?? 0) + 1, (next[to - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[second.length] ?? 0;
}
