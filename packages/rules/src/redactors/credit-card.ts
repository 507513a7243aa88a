import type { Redactor, SecretRange } from "../redactor.ts";

/** Primary account numbers have 12 to 19 digits (ISO/IEC 7812-1); issuers of cards use 13 to 19. */
const MIN_DIGITS = 13;
const MAX_DIGITS = 19;

/**
 * First digits that card networks issue under: Visa 4; Mastercard 51–55 and 2221–2720; American Express 34, 37;
 * Discover 6011, 644–649, 65; Diners 300–305, 36, 38, 39; JCB 3528–3589; UnionPay 62; Maestro 50, 56–58, 63, 67.
 */
const ISSUER =
  /^(4|5[0-8]|2(22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)|3[47]|6011|64[4-9]|65|30[0-5]|3[689]|35(2[89]|[3-8]\d)|62|63|67)/;

const ZERO = 48;

/** Luhn's checksum (ISO/IEC 7812-1, annex B): wrong for nine of ten random numbers. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - ZERO;
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= ZERO + 9;
}

/** Blank, no-break blank and hyphen: how people group the digits of a card. */
function isSeparator(code: number): boolean {
  return code === 0x20 || code === 0x2d || code === 0xa0;
}

function isWordUnit(code: number): boolean {
  return isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
}

/** Whether the text goes on in front of a place as a word. The letter of an escape (`\\n` in JSON) is none. */
function isWordBefore(text: string, index: number): boolean {
  return isWordUnit(text.charCodeAt(index - 1)) && text[index - 2] !== "\\";
}

/** A run of digits with single separators between them. */
interface Run {
  readonly digits: string;
  /** Where each digit stands in the text. */
  readonly places: readonly number[];
  /** Unit after the run. */
  readonly end: number;
}

function readRun(text: string, start: number): Run {
  const places: number[] = [];
  let digits = "";
  let index = start;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    if (isDigit(code)) {
      places.push(index);
      digits += text[index];
    } else if (!isSeparator(code) || !isDigit(text.charCodeAt(index + 1))) break;
    index++;
  }
  return { digits, places, end: index };
}

/** Whether the digits next to a cut belong to another group: a card never ends in the middle of one. */
function isGroupEdge(run: Run, index: number): boolean {
  const before = run.places[index - 1];
  const after = run.places[index];
  return before === undefined || after === undefined || after - before > 1;
}

/** The card that begins at a digit of the run; the longest one where several would pass. */
function cardAt(run: Run, first: number): number | undefined {
  if (!isGroupEdge(run, first)) return undefined;
  for (let length = Math.min(MAX_DIGITS, run.digits.length - first); length >= MIN_DIGITS; length--) {
    if (!isGroupEdge(run, first + length)) continue;
    const digits = run.digits.slice(first, first + length);
    if (ISSUER.test(digits) && passesLuhn(digits)) return length;
  }
  return undefined;
}

function findIn(run: Run, found: SecretRange[]): void {
  for (let first = 0; first + MIN_DIGITS <= run.digits.length; first++) {
    const length = cardAt(run, first);
    const start = run.places[first];
    const last = length === undefined ? undefined : run.places[first + length - 1];
    if (length === undefined || start === undefined || last === undefined) continue;
    found.push({ start, end: last + 1 });
    first += length - 1;
  }
}

/** Card numbers, grouped by blanks or hyphens or not at all, of a known issuer and with a right checksum. */
export const creditCard: Redactor = {
  name: "credit-card",
  summary: "payment card numbers: 13 to 19 digits, a known issuer, Luhn's checksum",
  mayOccur: (text) => /\d[\d\u0020\u00a0-]{11}/.test(text),
  find: (text) => {
    const found: SecretRange[] = [];
    for (let index = 0; index < text.length; index++) {
      if (!isDigit(text.charCodeAt(index))) continue;
      const run = readRun(text, index);
      const isPartOfWord = isWordBefore(text, index) || isWordUnit(text.charCodeAt(run.end));
      if (run.digits.length >= MIN_DIGITS && !isPartOfWord) findIn(run, found);
      index = run.end;
    }
    return found;
  },
};
