import type { Redactor } from "../redactor.ts";
import {
  type AnchorIndex,
  BACKSLASH,
  CASE_BIT,
  CHARACTER,
  DIGIT,
  hashOf,
  HASH_MASK,
  type LiteralAnchor,
} from "./anchor-index.ts";
import { isDigit } from "./text-places.ts";
import { BLOCK, copyUnits, LEAD, units } from "./text-units.ts";

/** A secret that a redactor found, and the place of that redactor in the list. */
export interface FoundSecret {
  readonly start: number;
  readonly end: number;
  readonly rule: number;
  readonly quote?: string | undefined;
  /** What it says, where the text writes it in another way. */
  readonly value?: string;
}

/** What a search needs besides the text. */
export interface Search {
  readonly redactors: readonly Redactor[];
  readonly index: AnchorIndex;
  /** Called now and then; throws when the time is over. */
  readonly tick: () => void;
}

/** Rules tried between two looks at the clock: some tens of microseconds. */
const CALLS_PER_TICK = 128;

/** Places in `units` to stop at. A walk is over before another begins, so that one of these serves all. */
const places = new Uint16Array(BLOCK + 1);

/**
 * The tables of the index that is at work, in arrays that never change: what a processor is told where they are when
 * it is told what to do with them, it need not look up for each unit, which halves the time.
 */
const hits = new Uint8Array((HASH_MASK + 1) * 2);
const kinds = new Uint8Array(0x10000);
let atWork: AnchorIndex | undefined;

function work(index: AnchorIndex): void {
  if (atWork === index) return;
  hits.set(index.hits);
  kinds.set(index.kinds);
  atWork = index;
}

/** Walks over texts, one after the other; a text within a text needs a walk of its own. */
export class Walk {
  readonly #search: Search;
  /** For each redactor the end of what it found: it is not asked inside of that again. */
  readonly #done: Int32Array;
  #text = "";
  #found: FoundSecret[] = [];
  #calls = 0;
  #runEnd = 0;
  #digitsLeft = 0;
  #saysMore = false;

  constructor(search: Search) {
    this.#search = search;
    this.#done = new Int32Array(search.redactors.length);
  }

  /** Begins a text; what is found goes into `found`. */
  begin(text: string, found: FoundSecret[]): void {
    this.#text = text;
    this.#found = found;
    this.#done.fill(0);
    this.#runEnd = 0;
    this.#saysMore = false;
  }

  /** Whether escapes stood for characters that could have been written as themselves: `\\/`, `\\x40`, `\\u0040`. */
  get saysMore(): boolean {
    return this.#saysMore;
  }

  /** Walks over the units of `[from, to)`; what begins there may end behind. */
  over(from: number, to: number): void {
    for (let at = from; at < to; at += BLOCK) {
      const end = Math.min(to, at + BLOCK);
      work(this.#search.index);
      copyUnits(this.#text, at, end);
      const count = this.#placesIn(LEAD + end - at);
      for (let index = 0; index < count; index++) this.#stop(at - LEAD, places[index] ?? 0);
    }
  }

  /**
   * Notes where to stop, up to `end` in `units`. Nothing else is done for the other units, and there is no branch for
   * any: one in twenty is a place to stop at, and no processor guesses which.
   */
  #placesIn(end: number): number {
    let hash = hashOf(0, units[0] ?? 0, units[1] ?? 0);
    let count = 0;
    for (let index = LEAD; index < end; index++) {
      const code = units[index] as number;
      hash = ((hash << 5) | (code & 31)) & HASH_MASK;
      places[count] = index;
      count += ((hits[(hash << 1) | ((code & CASE_BIT) >> 5)] as number) | (kinds[code] as number)) & 1;
    }
    return count;
  }

  /** Looks at a place in `units`, of which the first is `first` of the text. */
  #stop(first: number, place: number): void {
    const { trigrams, buckets, characters } = this.#search.index;
    const at = first + place;
    const before = units[place - 1] ?? 0;
    const code = units[place] ?? 0;
    const bucket = trigrams[hashOf(units[place - 2] ?? 0, before, code)] ?? 0;
    if (bucket !== 0) this.#literals(buckets[bucket] ?? [], at - 2);
    const kind = kinds[code] ?? 0;
    if (kind === DIGIT) {
      if (before < 48 || before > 57) this.#group(at);
    } else if (kind === CHARACTER) {
      const following = units[place + 1] ?? 0;
      for (const { rule, next } of characters[code] ?? [])
        if (next === undefined || (following < 128 && next[following] === 1)) this.#ask(rule, at);
    } else if (kind === BACKSLASH) this.#saysMore ||= startsPlainCharacter(this.#text, at + 1, units[place + 1] ?? 0);
  }

  #literals(anchors: readonly LiteralAnchor[], at: number): void {
    for (const { literal, ignoreCase, offset, rule } of anchors) {
      const start = at - offset;
      if (ignoreCase ? startsWithAnyCase(this.#text, literal, start) : this.#text.startsWith(literal, start))
        if (start >= 0) this.#ask(rule, start);
    }
  }

  /** A group of digits begins: how many digits follow, with what numbers have between them? */
  #group(at: number): void {
    const text = this.#text;
    if (at >= this.#runEnd) this.#measure(at);
    const left = this.#digitsLeft;
    let size = 1;
    while (isDigit(text, at + size)) size++;
    this.#digitsLeft = left - size;
    const { numbers, fewestDigits } = this.#search.index;
    if (left < fewestDigits) return;
    for (const { rule, digits } of numbers) if (left >= digits) this.#ask(rule, at);
  }

  #measure(start: number): void {
    const text = this.#text;
    let digits = 0;
    let end = start;
    for (let gap = 0, index = start; gap <= 2 && index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code >= 48 && code <= 57) {
        digits++;
        gap = 0;
        end = index + 1;
      } else if (isBetweenDigits(code)) gap++;
      else break;
    }
    this.#runEnd = end;
    this.#digitsLeft = digits;
  }

  #ask(rule: number, at: number): void {
    if (at < (this.#done[rule] ?? 0)) return;
    if (++this.#calls % CALLS_PER_TICK === 0) this.#search.tick();
    const range = this.#search.redactors[rule]?.at(this.#text, at);
    if (range === undefined) return;
    this.#done[rule] = range.end;
    if (range.end <= range.start) return;
    this.#found.push({ start: range.start, end: range.end, rule, quote: range.quote });
  }
}

/** What follows a backslash here: a slash, two digits of an `x`, four of a `u` that are ASCII and no control character. */
function startsPlainCharacter(text: string, at: number, code: number): boolean {
  if (code === 117) return /^00[2-7]/.test(text.slice(at + 1, at + 4));
  return code === 47 || code === 120;
}

function isBetweenDigits(code: number): boolean {
  if (code < 128) return code === 32 || (code >= 45 && code <= 47) || code === 40 || code === 41;
  return code === 0xa0 || code === 0x202f || (code >= 0x2007 && code <= 0x2015) || code === 0x2212;
}

function startsWithAnyCase(text: string, lower: string, start: number): boolean {
  for (let index = 0; index < lower.length; index++) {
    const code = text.charCodeAt(start + index);
    const folded = code >= 65 && code <= 90 ? code | 32 : code;
    if (folded !== lower.charCodeAt(index)) return false;
  }
  return true;
}
