import { passesGtin, passesLuhn } from "../redact/checksum.ts";
import {
  type DigitGroups,
  groupSize,
  isDigit,
  isWord,
  isWordBefore,
  readGroups,
  wordsBefore,
} from "../redact/text-places.ts";
import type { Redactor, SecretRange } from "../redactor.ts";

/** Primary account numbers have 12 to 19 digits (ISO/IEC 7812-1). */
const MIN_DIGITS = 12;
const MAX_DIGITS = 19;

/** First digits that card networks issue under, and how long their numbers are. */
const ISSUERS: readonly { readonly prefix: RegExp; readonly lengths: readonly number[] }[] = [
  { prefix: /^4/, lengths: [13, 16, 19] }, // Visa
  { prefix: /^(?:5[1-5]|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)/, lengths: [16] }, // Mastercard
  { prefix: /^3[47]/, lengths: [15] }, // American Express
  { prefix: /^(?:6011|64[4-9]|65)/, lengths: [16, 17, 18, 19] }, // Discover
  { prefix: /^(?:30[0-5]|3[689])/, lengths: [14, 16, 17, 18, 19] }, // Diners Club
  { prefix: /^35(?:2[89]|[3-8]\d)/, lengths: [16, 17, 18, 19] }, // JCB
  { prefix: /^(?:62|81)/, lengths: [16, 17, 18, 19] }, // UnionPay
  { prefix: /^220[0-4]/, lengths: [16, 17, 18, 19] }, // Mir
];
/**
 * Maestro's range is wide and its lengths are all, and JCB once had others: these need the groups of a card, or words
 * that say so.
 */
const PERHAPS = /^(?:(?:5[06-8]|6[0379])\d{10,17}|(?:1800|2131)\d{11}|35\d{14})$/;
/** An article's number (EAN) has as many. */
const EAN_DIGITS = 13;

const SAYS_CARD =
  /(?:card|visa|master|amex|american express|discover|diners|jcb|maestro|unionpay|debit|credit|kreditkarte|carte|tarjeta|\bcc\b|\bpan\b|cvv|payment|pay|charge)/;
const SAYS_OTHER =
  /(?:order|tracking|invoice|imei|isbn|ean|gtin|upc|sku|serial|ticket|shipment|parcel|transaction|trace|span|request|build|run|job|session|message|reference|timestamp)(?:[ _-]?(?:id|no\.?|nr\.?|num(?:ber)?|code|ref))?["'`]?\s?[:#=]{0,2}\s?["'`#]?$/;
const CONTEXT = 56;

/** How many of the groups, from the first on, are one card by its usual groups. */
function groupsOfCard({
  sizes,
  separators,
}: DigitGroups): { length: number; groups: number; grouped: boolean } | undefined {
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0] = sizes;
  // Followed by a group of its own, as a year or another number, a card without separators is still one.
  if (first >= MIN_DIGITS) return { length: first, groups: 1, grouped: false };
  const shape = (groups: number): { length: number; groups: number; grouped: boolean } | undefined => {
    let length = first;
    for (let group = 1; group < groups; group++) {
      if (separators[group - 1] !== separators[0]) return undefined;
      length += sizes[group] ?? 0;
    }
    return { length, groups, grouped: true };
  };
  if (first === 4 && second === 4 && third === 4 && fourth === 4)
    return fifth > 0 && fifth <= 3 ? (shape(5) ?? shape(4)) : shape(4);
  if (first === 4 && second === 6 && (third === 5 || third === 4)) return shape(3);
  if (first === 4 && second === 3 && third === 3 && fourth === 3) return shape(4);
  if (first === 6 && second === 13) return shape(2);
  return undefined;
}

function isNumberBefore(text: string, index: number): boolean {
  const before = text[index - 1];
  return (before === "." || before === "-" || before === "," || before === "/") && isDigit(text, index - 2);
}

function isCard(digits: string, text: string, index: number, grouped: boolean): boolean {
  if (!passesLuhn(digits) || /^(\d)\1+$/.test(digits)) return false;
  const isKnown = ISSUERS.some(({ prefix, lengths }) => lengths.includes(digits.length) && prefix.test(digits));
  if (!isKnown && !PERHAPS.test(digits)) return false;
  const context = wordsBefore(text, index, CONTEXT);
  if (SAYS_CARD.test(context)) return true;
  if (!isKnown) return grouped;
  // Thirteen digits are an article's number far more often than a card of long ago.
  if (digits.length === EAN_DIGITS && passesGtin(digits) && !/^4(2{12})$/.test(digits)) return false;
  return grouped || !SAYS_OTHER.test(context);
}

/** Card numbers, grouped as on a card or not at all, of a known issuer and with a right checksum. */
export const creditCard: Redactor = {
  name: "credit-card",
  summary: "payment card numbers: 12 to 19 digits, a known issuer and its lengths, Luhn's checksum",
  source: "ISO/IEC 7812-1 (numbering, annex B: Luhn) and the networks' published ranges",
  standard: true,
  anchors: [{ digits: MIN_DIGITS }],
  at(text, index): SecretRange | undefined {
    const size = groupSize(text, index);
    if (size !== 4 && size !== 6 && size < MIN_DIGITS) return undefined;
    if (isWordBefore(text, index) || isNumberBefore(text, index)) return undefined;
    const read = readGroups(text, index, MAX_DIGITS + 4, true);
    const card = groupsOfCard(read);
    if (card === undefined) return undefined;
    // A shorter card first: what follows it may be a number of its own.
    for (const groups of card.groups === 5 ? [5, 4] : [card.groups]) {
      const length = read.sizes.slice(0, groups).reduce((sum, size) => sum + size, 0);
      const end = index + length + groups - 1;
      if (length > MAX_DIGITS || isWord(text, end)) continue;
      if (isCard(read.digits.slice(0, length), text, index, card.grouped)) return { start: index, end };
    }
    return undefined;
  },
  canonical: (value) => value.replace(/\D/g, ""),
};
