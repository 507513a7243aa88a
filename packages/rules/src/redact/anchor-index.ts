import type { Redactor } from "../redactor.ts";

/** Five bits of each of the last three units, which are the same for both cases of a letter. */
export const HASH_MASK: number = (1 << 15) - 1;
/** And the bit that tells the cases apart of the last one: 64 kB of `hits`, of which a text needs a small part. */
export const CASE_BIT = 32;

/** What a single unit can be in `kinds`: all odd, so that the last bit says whether to stop there. */
export const DIGIT = 1;
export const CHARACTER = 3;
export const BACKSLASH = 5;

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

/** A redactor that looks at one unit, where one of these stands behind it; anything, where it does not say. */
export interface CharacterAnchor {
  readonly rule: number;
  /** By the code of a unit of ASCII. */
  readonly next: Uint8Array | undefined;
}

/** What one pass over a text looks for. */
export interface AnchorIndex {
  /** By the hash of three units, twice as much for the case of the last: whether to stop there. */
  readonly hits: Uint8Array;
  /** By the hash alone: a place in `buckets`, of which the first is empty. */
  readonly trigrams: Uint16Array;
  readonly buckets: readonly (readonly LiteralAnchor[])[];
  /** By the code of one unit: `DIGIT`, `CHARACTER` or `BACKSLASH`, where to stop there. */
  readonly kinds: Uint8Array;
  /** By the code of one unit of ASCII: the redactors that look at it. */
  readonly characters: readonly (readonly CharacterAnchor[])[];
  /** Redactors that look at digits, and at how many of them at least. */
  readonly numbers: readonly { readonly rule: number; readonly digits: number }[];
  /** The least of those. */
  readonly fewestDigits: number;
}

/** Letters in both cases have the same five bits. */
export function hashOf(first: number, between: number, last: number): number {
  return ((first & 31) << 10) | ((between & 31) << 5) | (last & 31);
}

/** Common although their letters are not the most common ones. */
const COMMON_PARTS = ["ing", "con"];

/** Of what shares its five bits with a letter too: a full stop is found wherever an `n` stands. */
function commonness(character: string): number {
  const letter = String.fromCharCode(96 + (character.charCodeAt(0) & 31));
  const place = COMMON_LETTERS.indexOf(character === " " ? character : letter);
  return place < 0 ? 0 : COMMON_LETTERS.length - place;
}

function rarestOffset(literal: string): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let offset = 0; offset + 3 <= literal.length; offset++) {
    let score = COMMON_PARTS.includes(literal.slice(offset, offset + 3).toLowerCase()) ? Number.MAX_VALUE : 1;
    for (let index = offset; index < offset + 3; index++) score *= 1 + commonness(literal[index] ?? "");
    if (score < least) [best, least] = [offset, score];
  }
  return best;
}

function tableOf(units: string | undefined): Uint8Array | undefined {
  if (units === undefined) return undefined;
  const table = new Uint8Array(128);
  for (const unit of units) table[unit.charCodeAt(0)] = 1;
  return table;
}

/** Puts the anchors of redactors into tables. Throws on a literal that the tables cannot hold: of two units. */
export function indexAnchors(redactors: readonly Redactor[]): AnchorIndex {
  const hits = new Uint8Array((HASH_MASK + 1) * 2);
  const trigrams = new Uint16Array(HASH_MASK + 1);
  const buckets: LiteralAnchor[][] = [[]];
  const kinds = new Uint8Array(0x10000);
  kinds.fill(DIGIT, 48, 58);
  kinds["\\".charCodeAt(0)] = BACKSLASH;
  const characters: CharacterAnchor[][] = Array.from({ length: 128 }, () => []);
  const numbers: { rule: number; digits: number }[] = [];
  const addLiteral = (anchor: LiteralAnchor): void => {
    const [first = 0, between = 0, last = 0] = Array.from({ length: 3 }, (_, index) =>
      anchor.literal.charCodeAt(anchor.offset + index),
    );
    const hash = hashOf(first, between, last);
    if (trigrams[hash] === 0) trigrams[hash] = buckets.push([]) - 1;
    buckets[trigrams[hash] ?? 0]?.push(anchor);
    if (anchor.ignoreCase) hits.fill(1, hash * 2, hash * 2 + 2);
    else hits[hash * 2 + (last & CASE_BIT) / CASE_BIT] = 1;
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
        kinds[code] = CHARACTER;
        characters[code]?.push({ rule, next: tableOf(anchor.next) });
      } else if (literal.length === 2) throw new Error(`An anchor of ${name} has two units: one, or three and more.`);
      else {
        addLiteral({ literal, ignoreCase, offset: rarestOffset(literal), rule });
      }
    }
  const fewestDigits = numbers.reduce((least, { digits }) => Math.min(least, digits), Number.POSITIVE_INFINITY);
  return { hits, trigrams, buckets, kinds, characters, numbers, fewestDigits };
}
