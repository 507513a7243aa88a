import type { Redactor } from "../redactor.ts";

/** Five bits of each of the last three units: 32 kB of table, which stay in the cache. */
const HASH_BITS = 15;
export const HASH_MASK: number = (1 << HASH_BITS) - 1;

/** What a single unit can be in `special`. */
export const DIGIT = 1;
export const CHARACTER = 2;

/** How often letters occur in English, most often first: the rarest three letters of a literal find it cheapest. */
const COMMON_LETTERS = " etaoinsrhldcumfpgwybvkxjqz";

/** A literal and whom it belongs to. */
export interface LiteralAnchor {
  readonly literal: string;
  readonly ignoreCase: boolean;
  /** How far its three telling units are from its beginning. */
  readonly offset: number;
  /** Place of the redactor in the list. */
  readonly rule: number;
}

/** What one pass over a text looks for. */
export interface AnchorIndex {
  /** By the hash of three units: 0, or a place in `buckets`. */
  readonly trigrams: Uint16Array;
  readonly buckets: readonly (readonly LiteralAnchor[])[];
  /** By the code of one unit: whether to stop there. */
  readonly special: Uint8Array;
  /** By the code of one unit of ASCII: the redactors that look at it. */
  readonly characters: readonly (readonly number[])[];
  /** Redactors that look at digits, and at how many of them at least. */
  readonly numbers: readonly { readonly rule: number; readonly digits: number }[];
  /** The least of those. */
  readonly fewestDigits: number;
}

function hashOf(text: string, offset: number): number {
  let hash = 0;
  for (let index = offset; index < offset + 3; index++) hash = (hash << 5) ^ text.charCodeAt(index);
  return hash & HASH_MASK;
}

function commonness(character: string): number {
  const place = COMMON_LETTERS.indexOf(character);
  return place < 0 ? 0 : COMMON_LETTERS.length - place;
}

function rarestOffset(literal: string): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let offset = 0; offset + 3 <= literal.length; offset++) {
    let score = 1;
    for (let index = offset; index < offset + 3; index++) score *= 1 + commonness(literal[index] ?? "");
    if (score < least) [best, least] = [offset, score];
  }
  return best;
}

/** The three letters in every mix of cases. */
function casesOf(trigram: string): string[] {
  let made = [""];
  for (const character of trigram) {
    const both = new Set([character.toLowerCase(), character.toUpperCase()]);
    made = made.flatMap((head) => Array.from(both, (one) => head + one));
  }
  return made;
}

/** Puts the anchors of redactors into tables. Throws on a literal that the tables cannot hold: of two units. */
export function indexAnchors(redactors: readonly Redactor[]): AnchorIndex {
  const trigrams = new Uint16Array(HASH_MASK + 1);
  const buckets: LiteralAnchor[][] = [[]];
  const special = new Uint8Array(0x10000);
  special.fill(DIGIT, 48, 58);
  const characters: number[][] = Array.from({ length: 128 }, () => []);
  const numbers: { rule: number; digits: number }[] = [];
  const addLiteral = (anchor: LiteralAnchor, trigram: string): void => {
    const hash = hashOf(trigram, 0);
    if (trigrams[hash] === 0) trigrams[hash] = buckets.push([]) - 1;
    const bucket = buckets[trigrams[hash] ?? 0];
    if (!bucket?.includes(anchor)) bucket?.push(anchor);
  };
  for (const [rule, { anchors, name }] of redactors.entries())
    for (const anchor of anchors) {
      if ("digits" in anchor) {
        numbers.push({ rule, digits: anchor.digits });
        continue;
      }
      const { ignoreCase = false } = anchor;
      const literal = ignoreCase ? anchor.literal.toLowerCase() : anchor.literal;
      const code = literal.charCodeAt(0);
      if (literal.length === 1) {
        special[code] = CHARACTER;
        characters[code]?.push(rule);
      } else if (literal.length === 2) throw new Error(`An anchor of ${name} has two units: one, or three and more.`);
      else {
        const offset = rarestOffset(literal);
        const trigram = literal.slice(offset, offset + 3);
        const entry = { literal, ignoreCase, offset, rule };
        for (const one of ignoreCase ? casesOf(trigram) : [trigram]) addLiteral(entry, one);
      }
    }
  const fewestDigits = numbers.reduce((least, { digits }) => Math.min(least, digits), Number.POSITIVE_INFINITY);
  return { trigrams, buckets, special, characters, numbers, fewestDigits };
}
