import { variety } from "./checksum.ts";
import { markEnd } from "./marks.ts";

/** How a value is joined to its name. */
export type Joint = "json" | "tag" | "equals" | "spaced" | "words" | "flag";

/** A value behind a name. */
export interface AssignedValue {
  readonly start: number;
  readonly end: number;
  readonly joint: Joint;
  /** The quote around it, with its backslashes; empty without one. */
  readonly quote: string;
  /** A number, an object or a list where JSON has one. */
  readonly isBare: boolean;
}

/** So much of a value says whether it is a secret; where it is one, its end is looked for behind that. */
const LONGEST_PROBE = 64;
/** Quotations in prose and code end within so much. */
const LONGEST_QUOTATION = 1024;
const LONGEST_STRUCTURE = 64 * 1024;

/** Between a name and its value: the end of the name's quotes, then what assigns. */
const JOINT =
  /(\\*["'`])?\]?(?:([ \t]{0,4}(?:=>|:=|\?=|={1,3}|:)(?:[ \t]{0,4}|\s{1,64}(?=\\*")))|(\s{0,2},\s{0,2}\\*["']value\\*["']\s{0,2}:\s{0,2}|\s{0,2},\s{0,2}(?=\\*["']))|(>)|( (?:is|was|to|as)(?: set to)?:? )|( ))/y;
const QUOTE = /(?:[bruf]{1,2}(?=["']))?(\\*["'`])/y;
const WORD = /[^\s"'`<>\\]{1,64}/y;
const REST = /[^\s"'`<>\\&,;|(){}[\]]*/y;
const JSON_WORD = /[^\s,;"'`<>&(){}[\]\\|]{1,64}/y;
/** What ends a word before a blank does: the next field of an address or a list, closing punctuation. */
const NEXT_FIELD = /&(?:amp;)?[\w.%[\]-]{1,64}=|[;,|](?:[\w. -]{1,64}[=:]|$)|[)\]},;]+$|[;,]$|#$/;

/** A schema describes a field and has no value of it; an empty list has none either. */
const SCHEMA = /^[{[]\s*[}\]]|\\*"(?:type|description|\$ref|anyOf|oneOf|enum|title)\\*"\s*:/;
const NEAR = 256;

function joinAt(
  text: string,
  nameEnd: number,
  nameStart: number,
): { joint: Joint; at: number; quote: string } | undefined {
  JOINT.lastIndex = nameEnd;
  const match = JOINT.exec(text);
  if (match === null) return undefined;
  const [whole, quote = "", operator, pair, tag, words, blank] = match;
  const at = nameEnd + whole.length;
  if (tag !== undefined)
    return quote === "" && /[<:]$/.test(text.slice(nameStart - 1, nameStart)) ? { joint: "tag", at, quote } : undefined;
  if (pair !== undefined) return quote === "" ? undefined : { joint: "json", at, quote };
  if (words !== undefined) return { joint: "words", at, quote };
  if (blank !== undefined)
    return quote === "" && /(?:^|\s)--?$/.test(text.slice(Math.max(0, nameStart - 3), nameStart))
      ? { joint: "flag", at, quote }
      : undefined;
  if (quote !== "" && operator?.includes(":") === true) return { joint: "json", at, quote };
  return { joint: operator?.trim() === operator && operator !== ":" ? "equals" : "spaced", at, quote };
}

/** The place of the quote that closes: the same number of backslashes, or as many as JSON doubles them to. */
function closing(text: string, start: number, quote: string, longest: number): number {
  const sign = quote.charCodeAt(quote.length - 1);
  const depth = quote.length - 1;
  const last = Math.min(text.length, start + longest);
  for (let index = start; index < last; index++) {
    if (text.charCodeAt(index) !== sign) continue;
    let slashes = 0;
    while (text[index - 1 - slashes] === "\\" && index - slashes > start) slashes++;
    if (slashes === depth) return index - depth;
    // A text inside the value has more of them; one that ends here has fewer: the value was cut.
    if (slashes < depth) return index - slashes;
    // A backslash as the last letter of a value is written twice, in front of the quote's own.
    if (depth === 0 && slashes % 2 === 0) return index;
  }
  return last;
}

function structureEnd(text: string, start: number): number {
  const open = text[start] ?? "";
  const close = open === "{" ? "}" : "]";
  let depth = 0;
  const last = Math.min(text.length, start + LONGEST_STRUCTURE);
  for (let index = start; index < last; index++) {
    const sign = text[index] ?? "";
    if (sign === open) depth++;
    else if (sign === close && --depth === 0) return index + 1;
    else if (sign === '"' || sign === "\\") {
      QUOTE.lastIndex = index;
      const quote = QUOTE.exec(text)?.[1];
      if (quote !== undefined)
        index = Math.min(text.length, closing(text, index + quote.length, quote, LONGEST_STRUCTURE) + quote.length - 1);
    }
  }
  return last;
}

/** Whether a long row of few characters stands here, which is no secret. */
function isMonotone(text: string, at: number): boolean {
  if (at + LONGEST_PROBE >= text.length || variety(text, 7, at) >= 7) return false;
  return !/[\s"'`<>\\]/.test(text.slice(at, at + LONGEST_PROBE + 1));
}

function wordAt(text: string, at: number, joint: Joint): string {
  if (joint !== "json" && isMonotone(text, at)) return "";
  const pattern = joint === "json" ? JSON_WORD : WORD;
  pattern.lastIndex = at;
  const word = pattern.exec(text)?.[0] ?? "";
  // A long row of few characters is no secret, and not worth a closer look.
  if (word.length > LONGEST_PROBE / 2 && variety(word, 7) < 7) return "";
  const next = joint === "json" ? -1 : word.search(NEXT_FIELD);
  return next > 0 ? word.slice(0, next) : word;
}

/** Where a value without quotes ends that was looked at in part only. */
export function wordEnd(text: string, { start, end, joint }: AssignedValue): number {
  if (joint === "json" || end - start < LONGEST_PROBE) return end;
  REST.lastIndex = end;
  REST.test(text);
  return REST.lastIndex;
}

/**
 * The value that a name, which stands at `[nameStart, nameEnd)`, is given. A name that is not `sure` has no value of
 * JSON's objects and lists, and none that is longer than a key.
 */
export function valueAfter(text: string, nameStart: number, nameEnd: number, sure: boolean): AssignedValue | undefined {
  const join = joinAt(text, nameEnd, nameStart);
  if (join === undefined) return undefined;
  const { joint, at, quote: keyQuote } = join;
  if (markEnd(text, at) !== undefined) return undefined;
  QUOTE.lastIndex = at;
  const opening = QUOTE.exec(text);
  const quote = opening?.[1] ?? "";
  if (quote !== "") {
    const start = QUOTE.lastIndex;
    const end = closing(text, start, quote, sure && joint === "json" ? text.length : LONGEST_QUOTATION);
    return { start, end, joint, quote, isBare: false };
  }
  const first = text[at];
  if (joint === "json" && (first === "{" || first === "[")) {
    if (!sure || SCHEMA.test(text.slice(at, at + NEAR))) return undefined;
    return { start: at, end: structureEnd(text, at), joint, quote: keyQuote, isBare: true };
  }
  const word = wordAt(text, at, joint);
  if (word === "") return undefined;
  return { start: at, end: at + word.length, joint, quote: joint === "json" ? keyQuote : "", isBare: joint === "json" };
}
