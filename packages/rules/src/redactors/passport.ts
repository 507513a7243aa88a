import { isWord, isWordBefore } from "../redact/text-places.ts";
import type { Redactor, SecretRange } from "../redactor.ts";

/** Between the word and the number: `number`, `no.`, `is`, punctuation, quotes. */
const BETWEEN =
  /[^\d\n]{0,40}?(?=\b(?:[A-Z]{1,3}\d{6,8}|\d{8,9}|[A-Z]\d{2}[A-Z0-9]\d{5}|[CFGHJK][CFGHJKLMNPRTVWXYZ0-9]{8}|\d{2}[A-Z]{2}\d{5})\b)/iy;
const NUMBER = /[A-Za-z0-9]{8,10}|[A-Za-z]\d{7}|[A-Za-z]{1,3}\d{6}/y;
const MACHINE_READABLE = /P[A-Z<][A-Z]{3}[A-Z<]{39}\s{0,2}(?:\\n)?[A-Z0-9<]{44}/y;

/** Numbers of passports. */
export const passport: Redactor = {
  name: "passport",
  summary:
    "passport numbers behind the word passport, in the forms that countries give, and the two lines a machine reads",
  source: "ICAO Doc 9303 and the forms of the issuing countries",
  standard: false,
  anchors: [
    ...["passport", "pasaporte", "passeport", "reisepass"].map((literal) => ({ literal, ignoreCase: true })),
    { literal: "<<<<<" },
  ],
  at(text, index): SecretRange | undefined {
    if (text[index] === "<") return machineReadable(text, index);
    BETWEEN.lastIndex = index + 8;
    if (!BETWEEN.test(text)) return undefined;
    NUMBER.lastIndex = BETWEEN.lastIndex;
    if (isWordBefore(text, NUMBER.lastIndex) || !NUMBER.test(text) || isWord(text, NUMBER.lastIndex)) return undefined;
    return { start: BETWEEN.lastIndex, end: NUMBER.lastIndex };
  },
  canonical: (value) => value.toUpperCase(),
};

function machineReadable(text: string, index: number): SecretRange | undefined {
  const before = text.slice(Math.max(0, index - 44), index);
  const offset = before.search(/P[A-Z<][A-Z]{3}[A-Z<]{0,39}$/);
  if (offset < 0) return undefined;
  MACHINE_READABLE.lastIndex = index - before.length + offset;
  const start = MACHINE_READABLE.lastIndex;
  return MACHINE_READABLE.test(text) ? { start, end: MACHINE_READABLE.lastIndex } : undefined;
}
