import { plansOf } from "../redact/phone-plans.ts";
import { isDigit, isLetter, isWord, isWordBefore, wordsBefore } from "../redact/text-places.ts";
import type { Redactor, SecretRange } from "../redactor.ts";

/** ITU-T E.164: fifteen digits at most. */
const MAX_DIGITS = 15;
const CONTEXT = 40;

const SAYS_PHONE =
  /(?:phone|tel\b|tel[.:]|\btel\w{0,6}|mobile|\bmob\b|\bcell|\bcall|\bcalling|\bfax|whatsapp|\bsms\b|\btext(?:ed)? (?:me|him|her|us|them)|\bdial|\bring\b|\breach|contact|number(?: is| was|:)|voicemail|hotline|handy|telefon|móvil|portable|rufnummer|línea|pager|landline|\bph\b|answering at|messages? to|registered|\bdirect|\bdesk)/;
const SAYS_OTHER =
  /(?:order|tracking|invoice|isbn|issn|ean|sku|serial|ticket|shipment|parcel|transaction|account|acct|version|model|part|item|product|case|claim|policy|patent|ref|reference|id|uuid|port|lat|lng|lon|build|commit|room|zip|page|pages|doi|article|section|build|pid|batch|lot|code|pin|otp|score)(?:[ _-]?(?:id|no\.?|nr\.?|num(?:ber)?|code|ref))?["'`]?\s?[:#=]{0,2}\s?["'`#(+]?$/;

/** A number of something else, whatever else is said. */
const SAYS_OTHER_NUMBER =
  /(?:security|licen[sc]e|card|account|passport|order|tracking|invoice|serial|model|part|case|ticket|confirmation|reference|policy|claim|member|employee|student|patient|room|flight|registration|version|routing|vat|tax|iban|ssn|birth)\b[^0-9]{0,16}$/;
/** What stands behind a number on a letterhead. */
const SAYS_PHONE_AFTER = /^[-–,.;:( ]{0,3}(?:office|fax|mobile|mob\b|cell|home\b|work\b|direct|tel\b|phone|landline)/i;

/** A number as it is written: digits with blanks, dots, hyphens, slashes and brackets. */
interface Written {
  readonly digits: string;
  readonly sizes: readonly number[];
  /** What stands between the groups. */
  readonly separators: readonly string[];
  /** Unit after each group. */
  readonly ends: readonly number[];
  readonly bracketed: boolean;
}

/** What may stand between two groups: `(0)` of British and German numbers is left out when one dials. */
const GAP = /(?: ?\(0\) ?|\)[ -]{0,2}|[ -]?\((?=\d{1,5}\))| [-–] |[ \u00a0\u202f\u2007-\u2015./-])(?=\d)/y;

function readWritten(text: string, start: number): Written {
  const sizes: number[] = [];
  const separators: string[] = [];
  const ends: number[] = [];
  let digits = "";
  let index = start;
  for (;;) {
    const first = index;
    while (isDigit(text, index) && index - first <= MAX_DIGITS) index++;
    digits += text.slice(first, index);
    sizes.push(index - first);
    ends.push(index);
    GAP.lastIndex = index;
    const gap = digits.length > MAX_DIGITS ? undefined : GAP.exec(text)?.[0];
    if (gap === undefined) break;
    separators.push(gap);
    index += gap.length;
  }
  return {
    digits,
    sizes,
    separators,
    ends,
    bracketed: text[start - 1] === "(" && separators[0]?.startsWith(")") === true,
  };
}

/** How many of the first groups have a total of digits that a plan allows; the most digits first. */
function groupsWith(written: Written, allows: (digits: string) => boolean): number | undefined {
  let total = written.sizes.reduce((sum, size) => sum + size, 0);
  for (let count = written.sizes.length; count > 0; count--) {
    if (total <= MAX_DIGITS && allows(written.digits.slice(0, total))) return count;
    total -= written.sizes[count - 1] ?? 0;
  }
  return undefined;
}

/** Area and exchange of the North American plan: neither begins with 0 or 1, neither is a service code such as 911. */
function isNorthAmerican(digits: string): boolean {
  return /^[2-9](?!11)\d{2}[2-9](?!11)\d{6}$/.test(digits);
}

type Verdict = { readonly groups: number } | undefined;

function international(written: Written): Verdict {
  const groups = groupsWith(written, (digits) => plansOf(digits));
  return groups === undefined ? undefined : { groups };
}

/** `(415) 555-2671`, `415-555-2671`, `1 415 555 2671`, with words before it also bare and without an area. */
function northAmerican(written: Written, said: boolean): Verdict {
  const { sizes, separators, digits, bracketed } = written;
  const lead =
    sizes[0] === 1 && digits[0] === "1" ? 1 : sizes[0] === 3 && digits.startsWith("001") && sizes[1] === 3 ? 1 : 0;
  const [area, exchange, line] = sizes.slice(lead);
  const number = digits.slice(lead === 0 ? 0 : (sizes[0] ?? 0));
  if (area === 3 && exchange === 3 && line === 4) {
    const isSure = bracketed || separators[lead]?.startsWith(")") === true || lead === 1;
    const [one = "", other = ""] = separators.slice(lead);
    const isAlike = one === other && /^[-.–‑]$/.test(one);
    const isMixed = one !== other && other === "-";
    const isValid = isNorthAmerican(number.slice(0, 10));
    if (
      isSure ||
      said ||
      (isValid && (isAlike || isMixed || (one === " " && other === " " && sizes.length === lead + 3)))
    )
      return { groups: lead + 3 };
  }
  if (bracketed && area === 3 && exchange === 7) return { groups: lead + 2 };
  if (bracketed && area === 2 && (exchange === 4 || exchange === 5) && line === 4) return { groups: lead + 3 };
  if (!said) return undefined;
  const whole = number.slice(0, 10);
  if (area === 10 && isNorthAmerican(whole)) return { groups: lead + 1 };
  if (sizes[0] === 11 && digits[0] === "1" && isNorthAmerican(digits.slice(1, 11))) return { groups: 1 };
  if (area === 3 && exchange === 7 && isNorthAmerican(whole)) return { groups: lead + 2 };
  return sizes.length === 2 && sizes[0] === 3 && sizes[1] === 4 && separators[0] === "-" ? { groups: 2 } : undefined;
}

/** Numbers within a country, from its leading 0 on, in groups; with words before them in any groups. */
function national(written: Written, said: boolean): Verdict {
  const { sizes, separators, digits } = written;
  const total = digits.length;
  if (said) {
    const isLong = total >= 7 && total <= 12 && (digits[0] === "0" || sizes.length >= 2);
    return isLong && !/^(?:19|20)\d\d[-./]?[01]\d[-./]?[0-3]\d$/.test(digits) ? { groups: sizes.length } : undefined;
  }
  if (digits[0] !== "0" || digits[1] === "0" || total < 9 || total > 11 || sizes.length < 2) return undefined;
  const pairs = sizes.length === 5 && sizes.every((size) => size === 2);
  const shape = sizes.join("-");
  const isBritish = /^(?:0?5-6|4-3-4|3-4-4|5-3-3|5-6)$/.test(shape) && total >= 10;
  const isUsual = /^(?:2-4-4|4-3-3|4-2-2-2|3-3-2-2|4-6|3-7|2-8|3-8|4-7|3-3-4|4-3-3|3-2-2-2)$/.test(shape);
  const isAlike = new Set(separators.slice(1)).size <= 1;
  const isDotted = separators.every((one) => one === ".");
  return isAlike && (pairs || ((isBritish || isUsual) && !isDotted)) ? { groups: sizes.length } : undefined;
}

/** `2026-11-25`, `25.11.2026`, `6/24/1991` and what follows a date; `123-45-6789` is another kind of number. */
function isDate({ digits, sizes: [first = 0, second = 0, third = 0] }: Written): boolean {
  if (first === 4 && second <= 2 && third <= 2) return /^(?:19|20)\d\d[0-3]?\d[0-3]?\d/.test(digits);
  if (first === 3 && second === 2 && third === 4) return true;
  return first <= 2 && second <= 2 && third === 4 && /^(?:19|20)/.test(digits.slice(first + second));
}

function plusBefore(text: string, index: number): number | undefined {
  const open = text[index - 1] === "(" ? index - 1 : index;
  if (text[open - 1] === "+") return open - 1;
  return /%2b/i.test(text.slice(Math.max(0, open - 3), open)) ? open - 3 : undefined;
}

const EXTENSION = /^,? ?(?:x|ext\.?|extension|#) ?\d{1,6}(?![\w])/i;

/** Telephone numbers. */
export const phone: Redactor = {
  name: "phone",
  summary:
    "telephone numbers: international with +, North American and national ones by their groups, others only after words that say so",
  source: "ITU-T E.164 and its list of country codes; the North American Numbering Plan; national numbering plans",
  standard: true,
  anchors: [{ digits: 7 }],
  at(text, index): SecretRange | undefined {
    const plus = plusBefore(text, index);
    if (isPart(text, plus ?? index)) return undefined;
    const written = readWritten(text, index);
    const verdict = judge(text, index, written, plus);
    const end = verdict === undefined ? undefined : written.ends[verdict.groups - 1];
    if (end === undefined || isPartAfter(text, end)) return undefined;
    const extension = EXTENSION.exec(text.slice(end, end + 20))?.[0].length ?? 0;
    if (extension === 0 && isWord(text, end)) return undefined;
    const start = plus ?? (text[index - 1] === "(" && written.separators[0]?.startsWith(")") ? index - 1 : index);
    return { start, end: end + extension };
  },
  canonical: (value) => value.replace(/[^\d+]/g, ""),
};

function judge(text: string, index: number, written: Written, plus: number | undefined): Verdict {
  if (plus !== undefined) return international(written);
  if (written.digits.length < 7 || written.sizes.length > 7 || isDate(written)) return undefined;
  const before = wordsBefore(text, index, CONTEXT);
  if (SAYS_OTHER_NUMBER.test(before) && !/phone|mobile|tel\b|fax/.test(before)) return undefined;
  const said =
    SAYS_PHONE.test(before) ||
    SAYS_PHONE_AFTER.test(text.slice(written.ends.at(-1) ?? index, (written.ends.at(-1) ?? index) + 12));
  if (!said && SAYS_OTHER.test(before)) return undefined;
  const american = northAmerican(written, said);
  if (american !== undefined) return american;
  if (
    written.digits.startsWith("00") &&
    (written.sizes[0] ?? 0) > 1 &&
    written.digits.length > 9 &&
    written.sizes.length > 1
  ) {
    const groups = groupsWith(written, (digits) => digits.length > 9 && plansOf(digits.slice(2)));
    if (groups !== undefined) return { groups };
  }
  return national(written, said);
}

const JOINS = /[.\-/:,–#$€£+*^_=]/;

/** Whether what begins here belongs to something longer in front of it: a word, a decimal, a date, another number. */
function isPart(text: string, start: number): boolean {
  if (start === 0) return false;
  const before = text[start - 1] ?? "";
  const code = text.charCodeAt(start - 1);
  if (code >= 44 && code <= 58 && isDigit(text, start - 2)) return true;
  if (before === " ") return isDigit(text, start - 2) && !isLetter(text, start - 3);
  if (isWordBefore(text, start)) return true;
  if (before === "(") return isWordBefore(text, start - 1);
  if (!JOINS.test(before)) return false;
  if (isDigit(text, start - 2) || /[$€£#]/.test(before)) return true;
  return (before === "-" || before === ".") && isWord(text, start - 2);
}

function isPartAfter(text: string, end: number): boolean {
  const after = text[end] ?? "";
  if (SAYS_PHONE_AFTER.test(text.slice(end, end + 12))) return false;
  return /[-./:@–%]/.test(after) && isWord(text, end + 1) && !/[./:]/.test(after)
    ? true
    : /[./:–,]/.test(after) && isDigit(text, end + 1);
}
