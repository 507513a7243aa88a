/** The different sequences of three characters in a text, folded to small letters and single blanks. */
export type Trigrams = ReadonlySet<string>;

/** A text is compared by its first characters: two long inputs that only differ behind them are near anyway. */
const MAX_COMPARED = 4000;

/** The trigrams of a text, with one blank before and after it, so that short texts have some. */
export function trigramsOf(text: string): Trigrams {
  const folded = ` ${text.slice(0, MAX_COMPARED).toLowerCase().replace(/\s+/g, " ").trim()} `;
  const trigrams = new Set<string>();
  for (let index = 0; index + 3 <= folded.length; index++) trigrams.add(folded.slice(index, index + 3));
  return trigrams;
}

/** Jaccard's index: the share of trigrams that both have, from 0 to 1. Two empty texts are the same. */
export function similarity(left: Trigrams, right: Trigrams): number {
  if (left.size === 0 && right.size === 0) return 1;
  const [few, many] = left.size <= right.size ? [left, right] : [right, left];
  let both = 0;
  for (const trigram of few) if (many.has(trigram)) both++;
  return both / (left.size + right.size - both);
}
