import { variety } from "../redact/checksum.ts";
import type { KeyFormat } from "../redact/key-format.ts";
import { keysOfClouds } from "../redact/keys-of-clouds.ts";
import { keysOfModelServices } from "../redact/keys-of-model-services.ts";
import { keysOfServices } from "../redact/keys-of-services.ts";
import { isWord, isWordBefore } from "../redact/text-places.ts";
import type { Anchor, Redactor, SecretRange } from "../redactor.ts";

const formats: readonly KeyFormat[] = [...keysOfModelServices, ...keysOfClouds, ...keysOfServices];

/** A format and one of its anchors. */
interface Beginning {
  readonly anchor: string;
  readonly format: KeyFormat;
  /** Where no word may stand in front: most formats begin with their anchor, and inside of a word there is no key. */
  readonly beginsKey: boolean;
}

/** The first three units of an anchor, all of ASCII, as one number. */
function beginningAt(text: string, index: number): number {
  return (text.charCodeAt(index) << 14) | (text.charCodeAt(index + 1) << 7) | text.charCodeAt(index + 2);
}

/** By the first three units of an anchor: which formats it may belong to, in order. */
const formatsByBeginning: ReadonlyMap<number, readonly Beginning[]> = Map.groupBy(
  formats.flatMap((format) =>
    format.anchors.map((anchor) => ({
      anchor,
      format,
      beginsKey: format.before === undefined && format.group === undefined,
    })),
  ),
  ({ anchor }) => beginningAt(anchor, 0),
);

/** Random keys of twenty characters have more different ones, a row of `x` has fewer. */
const FEWEST_DIFFERENT = 8;

/** What stands in front of an anchor is tried at each place where it is this short. */
const SHORT_BEGINNING = 14;
/** So much of a key is judged. */
const JUDGED = 64;

/** Not a placeholder, and not words: a wordy format's key has digits among its letters. */
function looksRandom(key: string, anchor: string, wordy: boolean): boolean {
  const body = key.slice(key.startsWith(anchor) ? anchor.length : 0, anchor.length + JUDGED);
  if (variety(body, FEWEST_DIFFERENT) < Math.min(FEWEST_DIFFERENT, body.length / 2)) return false;
  if (/x{8}|\*{4}|your[-_]|1234567890abcdef1234567890/i.test(body)) return false;
  return !wordy || isMixed(body);
}

/** Letters and digits, and not words between hyphens, of which one has a number in it. */
function isMixed(body: string): boolean {
  if (!/\d/.test(body) || !/[A-Za-z]/.test(body)) return false;
  const words = body.split(/[-_]/).filter((part) => /^(?:[A-Z]?[a-z]+|\d{1,4})$/.test(part));
  return words.join("").length < body.length * 0.6;
}

function keyOf(
  { pattern, before = 0, wordy = false, group }: KeyFormat,
  anchor: string,
  text: string,
  index: number,
): SecretRange | undefined {
  let start = index;
  while (start > 0 && index - start < before && isKeyUnit(text, start - 1)) start--;
  // Letters in front that are no part of it, as of `bot123…:AA…`, are few: longer beginnings have one length.
  const last = before <= SHORT_BEGINNING ? index : start;
  let match: RegExpExecArray | null = null;
  for (; match === null && start <= last; start++) {
    pattern.lastIndex = start;
    match = pattern.exec(text);
  }
  start--;
  // A longer run in front is no key of this format.
  if (match === null || (group === undefined && isWordBefore(text, start))) return undefined;
  const end = trimmed(text, start, pattern.lastIndex);
  // A group of a pattern has a bound of its own, and a value that is longer is cut there.
  if (group === undefined && isWord(text, end)) return undefined;
  const secret = group === undefined ? text.slice(start, end) : (match[group] ?? "");
  if (!looksRandom(secret, anchor, wordy)) return undefined;
  return { start: group === undefined ? start : pattern.lastIndex - secret.length, end };
}

function isKeyUnit(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return isWord(text, index) || code === 43 || (code >= 45 && code <= 47) || code === 126;
}

/** Hyphens and dots at the end are the sentence's. */
function trimmed(text: string, start: number, end: number): number {
  let last = end;
  while (last > start && /[.-]/.test(text[last - 1] ?? "")) last--;
  return last;
}

/** Whether what follows has too few different characters for any key, so that no pattern needs to be tried. */
function isMonotone(text: string, start: number): boolean {
  return start + JUDGED < text.length && variety(text, FEWEST_DIFFERENT, start) < FEWEST_DIFFERENT;
}

/** Every anchor that no shorter one finds too. */
function anchorsOf(list: readonly KeyFormat[]): readonly Anchor[] {
  const all = list.flatMap(({ anchors }) => anchors);
  const shortest = all.filter((one) => !all.some((other) => other !== one && one.startsWith(other)));
  return Array.from(new Set(shortest), (literal) => ({ literal }));
}

/** Keys of well-known issuers, recognised by what the issuer writes into them. */
export const apiKey: Redactor = {
  name: "api-key",
  summary: "keys and tokens of some 120 services, by what their issuers write into them: prefix, characters, length",
  source: "the issuers' documentation and GitHub's list of secret scanning patterns",
  standard: true,
  anchors: anchorsOf(formats),
  at(text, index): SecretRange | undefined {
    let isInWord: boolean | undefined;
    for (const { anchor, format, beginsKey } of formatsByBeginning.get(beginningAt(text, index)) ?? []) {
      if (!text.startsWith(anchor, index)) continue;
      if (beginsKey && (isInWord ??= isWordBefore(text, index))) continue;
      if (isMonotone(text, index + anchor.length)) continue;
      const found = keyOf(format, anchor, text, index);
      if (found !== undefined) return found;
    }
    return undefined;
  },
};
