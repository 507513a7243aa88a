const DIGIT = 1;
const UPPER = 2;
const LOWER = 4;
const HEX = 8;
const UNDERSCORE = 16;
const WORD = DIGIT | UPPER | LOWER | UNDERSCORE;
const BACKSLASH = 92;
const PERCENT = 37;

const kinds = new Uint8Array(128);
for (let code = 48; code <= 57; code++) kinds[code] = DIGIT | HEX;
for (let code = 65; code <= 90; code++) kinds[code] = code <= 70 ? UPPER | HEX : UPPER;
for (let code = 97; code <= 122; code++) kinds[code] = code <= 102 ? LOWER | HEX : LOWER;
kinds[95] = UNDERSCORE;

export const HEX_DIGITS = "0123456789ABCDEFabcdef";

function isKind(text: string, index: number, kind: number): boolean {
  const code = text.charCodeAt(index);
  return code < 128 && ((kinds[code] ?? 0) & kind) !== 0;
}

/** Whether 0–9 stands here. */
export function isDigit(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 48 && code <= 57;
}

/** Whether A–Z stands here. */
export function isUpper(text: string, index: number): boolean {
  return isKind(text, index, UPPER);
}

/** Whether A–Z, a–z stands here. */
export function isLetter(text: string, index: number): boolean {
  return isKind(text, index, UPPER | LOWER);
}

/** Whether 0–9, A–F, a–f stands here. */
export function isHex(text: string, index: number): boolean {
  return isKind(text, index, HEX);
}

/** Whether a word of ASCII goes on here: letters, digits, underscore. Other scripts part nothing and join nothing. */
export function isWord(text: string, index: number): boolean {
  return isKind(text, index, WORD);
}

function areHex(text: string, from: number, to: number): boolean {
  for (let index = from; index < to; index++) if (!isHex(text, index)) return false;
  return true;
}

/**
 * Whether an escape ends in front of `index`, whose last letter belongs to no word: `\n` and `\u00e9` of JSON, `\x1b`,
 * `%20` of an address, the `m` of a terminal's colours.
 */
function endsEscape(text: string, index: number): boolean {
  if (text.charCodeAt(index - 2) === BACKSLASH) return true;
  if (text.charCodeAt(index - 3) === PERCENT) return areHex(text, index - 2, index);
  if (text.charCodeAt(index - 4) === BACKSLASH && text[index - 3] === "x") return areHex(text, index - 2, index);
  if (text.charCodeAt(index - 6) === BACKSLASH && text[index - 5] === "u") return areHex(text, index - 4, index);
  return text[index - 1] === "m" && /\[[\d;]{0,12}m$/.test(text.slice(Math.max(0, index - 14), index));
}

/** Whether a word goes on in front of `index`, so that what begins here is a part of it. */
export function isWordBefore(text: string, index: number): boolean {
  return isWord(text, index - 1) && !endsEscape(text, index);
}

/**
 * The first place from `start` on that is in the middle of no escape: a mark must not follow a lone backslash. Escaped
 * quotes count too, and deeper ones have more backslashes.
 */
export function afterEscape(text: string, start: number): number {
  if (text[start - 1] === "\\" && /["'/bfnrtv0]/.test(text[start] ?? "")) return start + 1;
  for (let back = 1; back <= 5; back++)
    if (text[start - back] === "\\" && text[start - back + 1] === "u" && back > 1) {
      const end = start - back + 6;
      return end > start && areHex(text, start - back + 2, end) ? end : start;
    }
  return start;
}

/** The text in front of a place, in lower case: where words that say what follows are looked for. */
export function contextBefore(text: string, index: number, length: number): string {
  return plainWords(text.slice(Math.max(0, index - length), index));
}

/** The same, but only what stands behind the last digit: words about one number do not speak of the next. */
export function wordsBefore(text: string, index: number, length: number): string {
  const first = Math.max(0, index - length);
  let start = index;
  while (start > first && !isDigit(text, start - 1)) start--;
  return plainWords(text.slice(start, index));
}

/** In JSON the letter of an escape stands right in front of a word. */
function plainWords(words: string): string {
  return (words.includes("\\") ? words.replace(/\\[nrtbf]/g, "  ") : words).toLowerCase();
}

/** How people part the digits of a number: blanks, no-break and thin ones, hyphens and dashes. */
export function isSeparator(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  if (code < 128) return code === 0x20 || code === 0x2d;
  return code === 0xa0 || code === 0x202f || (code >= 0x2007 && code <= 0x2015) || code === 0x2212;
}

/** How many digits stand here, counted up to twenty. */
export function groupSize(text: string, start: number): number {
  let size = 0;
  while (size < 20 && isDigit(text, start + size)) size++;
  return size;
}

/** Digits in groups with one separator between two of them. */
export interface DigitGroups {
  /** All digits, without separators. */
  readonly digits: string;
  /** Length of each group. */
  readonly sizes: readonly number[];
  /** The separators in their order. */
  readonly separators: string;
  /** Unit after the last digit. */
  readonly end: number;
}

/**
 * Reads groups from a first digit on, at most so many digits; a group that would go over is read to its end, to be
 * seen as too long. Dots part digits too when `dots` is set.
 */
export function readGroups(text: string, start: number, maxDigits: number, dots: boolean): DigitGroups {
  let digits = "";
  let separators = "";
  const sizes: number[] = [];
  let index = start;
  for (;;) {
    const first = index;
    while (isDigit(text, index) && index - first <= maxDigits) index++;
    digits += text.slice(first, index);
    sizes.push(index - first);
    const isJoined = isSeparator(text, index) || (dots && text[index] === ".");
    if (!isJoined || !isDigit(text, index + 1) || digits.length >= maxDigits) break;
    separators += text[index];
    index++;
  }
  return { digits, sizes, separators, end: index };
}
