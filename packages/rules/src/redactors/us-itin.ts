import { isDigit, isWord, isWordBefore, readGroups, wordsBefore } from "../redact/text-places.ts";
import type { Redactor, SecretRange } from "../redactor.ts";

/** Fourth and fifth digits that the IRS gives: 50–65, 70–88, 90–92, 94–99. */
const GROUP = /^(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])$/;
const SAYS_ITIN = /(?:\bitin\b|itin["'_ ]|individual tax|tax ?(?:payer)?[ _-]?id|\btin\b|ssn|social[ _-]?sec)/;
const CONTEXT = 72;

/** Taxpayer numbers of those who have no Social Security number. */
export const usItin: Redactor = {
  name: "us-itin",
  summary:
    "US individual taxpayer numbers: nine digits from 9, with the groups that are given; bare only after words that say so",
  source: "Internal Revenue Service: Internal Revenue Manual 3.21.263 (ITIN ranges)",
  standard: true,
  anchors: [{ digits: 9 }],
  at(text, index): SecretRange | undefined {
    if (text[index] !== "9" || isWordBefore(text, index)) return undefined;
    const { digits, sizes, separators } = readGroups(text, index, 10, false);
    const [first = 0, second = 0, third = 0] = sizes;
    const isGrouped = first === 3 && second === 2 && third === 4 && separators[0] === separators[1];
    if (!isGrouped && first !== 9) return undefined;
    const end = index + (isGrouped ? 11 : 9);
    if (!GROUP.test(digits.slice(3, 5)) || isWord(text, end)) return undefined;
    if (digits.startsWith("98765432")) return undefined;
    const isJoined =
      (text[index - 1] === "-" && isDigit(text, index - 2)) || (text[end] === "-" && isDigit(text, end + 1));
    if (isJoined) return undefined;
    const isPlain = isGrouped && separators[0] !== " ";
    return isPlain || SAYS_ITIN.test(wordsBefore(text, index, CONTEXT)) ? { start: index, end } : undefined;
  },
  canonical: (value) => value.replace(/\D/g, ""),
};
