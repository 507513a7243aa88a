import {
  groupSize,
  isDigit,
  isSeparator,
  isWord,
  isWordBefore,
  readGroups,
  wordsBefore,
} from "../redact/text-places.ts";
import type { Redactor, SecretRange } from "../redactor.ts";

/** Numbers that are known from advertisements and forms, and are nobody's. */
const FAKES = new Set(["078051120", "219099999", "123456789", "457555462"]);

const SAYS_SSN =
  /(?:ssn|ss ?#|social[ _-]?sec|soc\.? ?sec|s\.s\.n|social[ _-]?(?:number|no\b)|social is|tax ?(?:payer)?[ _-]?id|\btin\b|w-?[29]\b)/;
const CONTEXT = 72;

/** Area 001–899 without 666, group 01–99, serial 0001–9999: the others were never given. */
export function isSsn(digits: string): boolean {
  const area = digits.slice(0, 3);
  if (area === "000" || area === "666" || digits[0] === "9") return false;
  if (digits.slice(3, 5) === "00" || digits.slice(5) === "0000") return false;
  return !FAKES.has(digits) && !/^(\d)\1+$/.test(digits);
}

/** Social Security numbers of the United States. */
export const usSsn: Redactor = {
  name: "us-ssn",
  summary:
    "US Social Security numbers: areas, groups and serials that are given; nine bare digits only after words that say so",
  source: "Social Security Administration: number structure and invalid areas (POMS RM 10201)",
  standard: true,
  anchors: [{ digits: 9 }],
  at(text, index): SecretRange | undefined {
    const size = groupSize(text, index);
    if ((size !== 3 && size !== 9) || isWordBefore(text, index)) return undefined;
    const { digits, sizes, separators } = readGroups(text, index, 10, true);
    const [first = 0, second = 0, third = 0] = sizes;
    const isGrouped = first === 3 && second === 2 && third === 4 && separators[0] === separators[1];
    if (!isGrouped && first !== 9) return undefined;
    const number = digits.slice(0, 9);
    const end = index + (isGrouped ? 11 : 9);
    if (!isSsn(number) || isWord(text, end) || goesOn(text, index, end)) return undefined;
    const separator = isGrouped ? separators[0] : "";
    // Three groups with blanks may be any numbers, unless no number stands beside them.
    const isPlain = separator === "-" || (separator !== "" && !standsAmongNumbers(text, index, end));
    return isPlain || SAYS_SSN.test(wordsBefore(text, index, CONTEXT)) ? { start: index, end } : undefined;
  },
  canonical: (value) => value.replace(/\D/g, ""),
};

/** Whether hyphens or dots join the number to another on either side. */
function goesOn(text: string, start: number, end: number): boolean {
  const before = text[start - 1] ?? "";
  const after = text[end] ?? "";
  const joins = (character: string): boolean => character !== " " && /[-./‐-―]/.test(character);
  return (joins(before) && isDigit(text, start - 2)) || (joins(after) && isDigit(text, end + 1));
}

function standsAmongNumbers(text: string, start: number, end: number): boolean {
  return (
    (isSeparator(text, start - 1) && isDigit(text, start - 2)) || (isSeparator(text, end) && isDigit(text, end + 1))
  );
}
