import { type AssignedValue, valueAfter, wordEnd } from "../redact/assigned-value.ts";
import { entropyOf, hasRow, variety } from "../redact/checksum.ts";
import { markEnd } from "../redact/marks.ts";
import { secretStrength } from "../redact/secret-name.ts";
import { isWord } from "../redact/text-places.ts";
import { isPlaceholder } from "../redact/url-account.ts";
import type { Redactor, SecretRange } from "../redactor.ts";

const LONGEST_NAME = 64;
/** From a telling word to the end of its name: `connectionStringConfirmation`. */
const LONGEST_END = 32;
/** Keys that only may be secret ones have values at least this long, and this random. */
const SHORTEST_RANDOM = 16;
const LEAST_ENTROPY = 2.8;

const SCHEME = /^(?:Bearer|Basic|Token|Digest|ApiKey|Negotiate|Bot|AWS4-HMAC-SHA256|SharedKey|Splunk|GenieKey)$/i;
const EMPTY_WORD =
  /^(?:null|none|nil|undefined|true|false|yes|no|string|str|text|bytes|number|int|integer|bool|boolean|object|array|any|unknown|void|optional|required|secret|password|token|value|empty|missing|invalid|expired|incorrect|wrong|unset|default|auto|env|self|this|basic|bearer|reset|not|is|the|a|an|and|or|to|for|in|of|on|with|must|should|has|was|be|are|will|can|from|your|my|our)$/i;
/** A name of something, and not its value: a variable, a property, a call, a path in a template. */
const CODE =
  /^(?:[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)+[;,]?|[$%#@~].*|<.*|[A-Z]+\d?(?:_[A-Z0-9]+)+|[A-Za-z_$][\w$.]*[([].*|[({[].*|(?:const|let|var|await|new|process|os|env|config|self|req|request|ctx|args|opts|options|params|settings|secrets|var)\b.*)$/;

/** Letters, digits, `_`, `.`, `$`, `-`. */
function isNameUnit(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return isWord(text, index) || code === 46 || code === 45 || code === 36;
}

function nameAround(text: string, index: number): { readonly start: number; readonly end: number } | undefined {
  let end = index;
  while (end - index <= LONGEST_END && isNameUnit(text, end)) end++;
  if (end - index > LONGEST_END) return undefined;
  let start = index;
  while (index - start < LONGEST_NAME && isNameUnit(text, start - 1)) start--;
  while (start < index && /[.-]/.test(text[start] ?? "")) start++;
  // The letter of an escape is no letter of a name.
  if (text[start - 1] === "\\" && /[nrtbf]/.test(text[start] ?? "")) start++;
  return { start, end };
}

/** Letters with few changes of case, or a short number: `SalesResults`, `2026`. */
function isWordLike(part: string): boolean {
  if (/^\d{1,4}$/.test(part)) return true;
  return /^[A-Za-z]+$/.test(part) && (part.match(/[a-z][A-Z]/g)?.length ?? 0) <= part.length / 5;
}

/** `XXXXXXXX`, `hf_xxxxxxxxxxxxxxxx`: long, and of a few characters only. */
function isFiller(value: string): boolean {
  return hasRow(value, 8) || (value.length >= 20 && variety(value, 7) < 7);
}

function looksRandom(value: string): boolean {
  if (value.length < SHORTEST_RANDOM || /\s/.test(value) || variety(value, 8) < 8) return false;
  if (!/\d/.test(value) || !/[A-Za-z]/.test(value)) return false;
  if (/^(?:https?:|\/|\.\/|data:|[a-z]+:\/\/)/.test(value) || /^\d{4}-\d\d-\d\d/.test(value)) return false;
  // Words with hyphens and dots: names of files, of models, of headings.
  const words = value.split(/[^A-Za-z0-9]/).filter((part) => isWordLike(part));
  return words.join("").length < value.length * 0.6 && entropyOf(value) >= LEAST_ENTROPY;
}

/** Whether a word that stands behind a name without quotes can be a password: in prose `password: see below` is none. */
function canBePassword(word: string, joint: AssignedValue["joint"]): boolean {
  const isAssigned = joint === "equals" || joint === "tag";
  if (word.length < 4 || !(isAssigned || isMixed(word))) return false;
  return !EMPTY_WORD.test(word) && !isPlaceholder(word) && !isFiller(word) && !CODE.test(word);
}

/** Not a word alone, nor an address or a number. */
function isMixed(word: string): boolean {
  const hasMore =
    /\d/.test(word) || /[^\w.,:;!?'’"-]/.test(word) || (/[a-z][A-Z]/.test(word) && /[A-Z].*[A-Z]/.test(word));
  return hasMore && !/^(?:https?|ftp):/.test(word) && !/^\d{1,3}[.,)]?$/.test(word);
}

/** `authorization` and `cookie` take what follows to the end of the line: a scheme and what it needs. */
function headerEnd(text: string, start: number): number {
  const line = /[^\r\n"'`\\<]{0,1024}/y;
  line.lastIndex = start;
  line.test(text);
  return line.lastIndex;
}

function quoted(
  text: string,
  name: string,
  strength: "always" | "perhaps",
  value: AssignedValue,
): SecretRange | undefined {
  const { start, end, joint } = value;
  const inner = text.slice(start, Math.min(end, start + 512));
  if (inner === "" || markEnd(text, start) === end) return undefined;
  if (strength === "perhaps")
    return end - start <= 512 && looksRandom(inner.replace(/^\w+ /, "")) ? { start, end } : undefined;
  // The name says it, whatever the value looks like. In code and in prose a quotation may be anything.
  if (joint === "json") return { start, end };
  // A template, also behind a scheme: `Bearer ${token}`.
  if (
    /^(?:[A-Za-z]{1,16} )?(?:\$?\{|<|%)/.test(inner) ||
    EMPTY_WORD.test(inner) ||
    isPlaceholder(inner) ||
    isFiller(inner)
  )
    return undefined;
  if (joint === "words" || joint === "spaced")
    return inner.length <= 256 && !/\s.*\s.*\s/.test(inner) && inner.length >= 3 ? { start, end } : undefined;
  return inner.toLowerCase() === name.toLowerCase() ? undefined : { start, end };
}

function bare(
  text: string,
  strength: "always" | "perhaps",
  { start, end, quote }: AssignedValue,
): SecretRange | undefined {
  const inner = text.slice(start, Math.min(end, start + 256));
  if (strength === "perhaps" || /^(?:null|true|false|undefined|None|True|False)/.test(inner)) return undefined;
  if (!/^[{[]|^-?[\d.]+$/.test(inner)) return undefined;
  return { start, end, quote };
}

/** A scheme with what it needs, or the pairs of a cookie; `word` is the first of the line. */
function headerValue(text: string, name: string, start: number, word: string): SecretRange | undefined {
  const isKnown = SCHEME.test(word);
  const next = text.slice(start + word.length + 1, start + word.length + 1 + SHORTEST_RANDOM);
  const mayBeScheme = /^[A-Za-z-]{2,20}$/.test(word) && !/\s/.test(next);
  const isPair = /cookie$/i.test(name) && /^[\w.!#$%&'*+^`|~-]+=/.test(word);
  // The rest of the line is long, and read only where it may be a secret.
  if (!isKnown && !mayBeScheme && !isPair) return undefined;
  const rest = text.slice(start, headerEnd(text, start)).trimEnd();
  const isScheme = isKnown || (mayBeScheme && looksRandom(rest.slice(word.length + 1)));
  const isSecret = isScheme ? rest.length > word.length + 4 && !/^\w+ [<${[*]/.test(rest) && !isFiller(rest) : isPair;
  return isSecret ? { start, end: start + rest.length } : undefined;
}

function unquoted(
  text: string,
  name: string,
  strength: "always" | "perhaps",
  value: AssignedValue,
): SecretRange | undefined {
  const { start, joint } = value;
  let { end } = value;
  const word = text.slice(start, end);
  if (/(?:authorization|cookie)$/i.test(name) && (joint === "spaced" || joint === "equals")) {
    const header = headerValue(text, name, start, word);
    if (header !== undefined) return header;
  }
  if (strength === "perhaps") return looksRandom(word) ? { start, end: wordEnd(text, value) } : undefined;
  while (end > start && /[.,;:!?“”„«»‘’]/.test(text[end - 1] ?? "") && joint !== "equals") end--;
  // A call or an index behind it: `password = get(…)`.
  if (/[([]/.test(text[end] ?? "") || word.toLowerCase() === name.toLowerCase()) return undefined;
  if (!canBePassword(text.slice(start, end), joint)) return undefined;
  return { start, end: end === value.end ? wordEnd(text, value) : end };
}

const WORDS = [
  "passw",
  "passphrase",
  "passcode",
  "pwd",
  "secret",
  "token",
  "apikey",
  "api_key",
  "api-key",
  "_key",
  "-key",
  "accesskey",
  "privatekey",
  "authkey",
  "accountkey",
  "signingkey",
  "encryptionkey",
  "masterkey",
  "subscriptionkey",
  "authorization",
  "cookie",
  "credential",
  "connectionstring",
  "connection_string",
  "_auth",
  '"auth',
  '"pass"',
  '"pin"',
  '"cvv"',
  '"cvc"',
  '"otp"',
  '"key"',
  "'key'",
  "api key",
  "secret key",
  "access key",
];

/** What is assigned to a name that says secret. */
export const secretValue: Redactor = {
  name: "secret-value",
  summary:
    "values of names that say secret (password, authorization, cookie, x-api-key …) in JSON, headers, code, settings and addresses; behind token, key and secret only random ones",
  source:
    "names in use by HTTP (RFC 9110), OAuth 2 (RFC 6749) and common settings; entropy of the value where a name is not sure",
  standard: true,
  anchors: WORDS.map((literal) => ({ literal, ignoreCase: true })),
  at(text, index): SecretRange | undefined {
    const place = /[\w]/.test(text[index] ?? "") ? index : index + 1;
    const around = nameAround(text, place);
    if (around === undefined || around.end <= place) return undefined;
    const { start, end: nameEnd } = around;
    // `api key: …` is one name of two words.
    const two = /^(?:api|secret|access) key/i.exec(text.slice(index, index + 10));
    const end = two === null ? nameEnd : index + two[0].length;
    // The name is one, however many telling words it has.
    return assignedTo(text, start, end) ?? { start: end, end };
  },
};

/** The secret that the name at `[start, end)` is given. */
function assignedTo(text: string, start: number, end: number): SecretRange | undefined {
  const name = text.slice(start, end);
  const strength = secretStrength(name);
  if (strength === undefined) return undefined;
  const value = valueAfter(text, start, end, strength === "always");
  if (value === undefined || value.end <= value.start) return undefined;
  if (value.isBare) return bare(text, strength, value);
  return value.quote === "" ? unquoted(text, name, strength, value) : quoted(text, name, strength, value);
}
