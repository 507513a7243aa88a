import { passesMod97 } from "../redact/checksum.ts";
import { isDigit, isLetter, isSeparator, isWord, isWordBefore } from "../redact/text-places.ts";
import type { Redactor, SecretRange } from "../redactor.ts";

/** Length of the whole number, by country (SWIFT's IBAN registry). */
const LENGTHS: ReadonlyMap<string, number> = new Map(
  (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 " +
    "ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 " +
    "LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 " +
    "PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
  )
    .split(" ")
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** The account number from its first letter on: so many letters and digits, with single separators. */
function read(
  text: string,
  start: number,
  length: number,
): { readonly number: string; readonly end: number } | undefined {
  let number = "";
  let index = start;
  for (; number.length < length; index++) {
    if (isDigit(text, index) || isLetter(text, index)) number += text[index];
    else if (!isSeparator(text, index) || isSeparator(text, index - 1)) return undefined;
  }
  return isWord(text, index) ? undefined : { number: number.toUpperCase(), end: index };
}

/** International bank account numbers. */
export const iban: Redactor = {
  name: "iban",
  summary: "international bank account numbers: a country's length and the checksum modulo 97",
  source: "ISO 13616 and SWIFT's IBAN registry (lengths by country)",
  standard: true,
  // The two check digits behind the country.
  anchors: [{ digits: 2 }],
  at(text, index): SecretRange | undefined {
    const start = index - 2;
    if (!isLetter(text, start) || !isLetter(text, start + 1) || !isDigit(text, index + 1)) return undefined;
    const length = LENGTHS.get(text.slice(start, index).toUpperCase());
    if (length === undefined || isWordBefore(text, start)) return undefined;
    const found = read(text, start, length);
    if (found === undefined || !passesMod97(found.number)) return undefined;
    return { start, end: found.end };
  },
  canonical: (value) => value.replace(/[^A-Za-z0-9]/g, "").toUpperCase(),
};
