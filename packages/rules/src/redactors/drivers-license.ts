import { isWord } from "../redact/text-places.ts";
import type { Redactor, SecretRange } from "../redactor.ts";

/**
 * Forms of the states of the US, of Canada and of the United Kingdom: letters and at least five digits, or seven and
 * more digits, with hyphens and blanks where they are printed.
 */
const NUMBER =
  /[A-Z]\d{3}[- ]\d{4}[- ]\d{4}|[A-Z]\d{3}(?:[- ]\d{3}){3}|[A-Z]{1,2}\d{3}-?\d{3}-?\d{2}-?\d{3}-?\d|[A-Z]{2,5}9?\d{6}[A-Z0-9]{5}|[A-Z]{1,3}\d{5,14}[A-Z]?|\d{4}-\d{2}-\d{4}|\d{3}[A-Z]{2}\d{4}|\d{2}[- ]\d{3}[- ]\d{3}|\d{7,12}|WDL[A-Z0-9]{9}/iy;
const BETWEEN = /[^\d\n]{0,40}?(?=\b(?:[A-Z]{0,5}\d[\d -]{4,}|WDL))/iy;

/** Numbers of driving licences. */
export const driversLicense: Redactor = {
  name: "drivers-license",
  summary: "driving licence numbers behind the words, in the forms of US states, Canada and the United Kingdom",
  source: "AAMVA DL/ID card design standard and the states' forms; DVLA",
  standard: false,
  anchors: [
    "driver's lic",
    "drivers lic",
    "driver lic",
    "driver’s lic",
    "driving lic",
    "driver_lic",
    "drivers_lic",
    "driverslic",
    "driverlic",
    "dl number",
    "dl no",
    "dl#",
    "dl:",
  ].map((literal) => ({ literal, ignoreCase: true })),
  at(text, index): SecretRange | undefined {
    const from =
      index + (/^(?:driv\w*[ ’'_]?s?[ _]?lic\w*|dl(?: n\w*)?)/i.exec(text.slice(index, index + 24))?.[0].length ?? 2);
    BETWEEN.lastIndex = from;
    if (!BETWEEN.test(text)) return undefined;
    const start = BETWEEN.lastIndex;
    NUMBER.lastIndex = start;
    if (!NUMBER.test(text) || isWord(text, NUMBER.lastIndex)) return undefined;
    return { start, end: NUMBER.lastIndex };
  },
  canonical: (value) => value.replace(/[^A-Za-z0-9]/g, "").toUpperCase(),
};
