import { newSpanId } from "../span/random-id.ts";
import { parseJson } from "./read-json.ts";

/** Shorter texts are parsed as quickly as they are lifted, in bytes. */
const LONG_TEXT = 2048;
/** Where quotes stand closer than this, in bytes, it is quicker to parse everything. */
const BYTES_PER_QUOTE = 64;
/** A text that has no space so far in may be media, which readers know by its form. */
const SPACE_WITHIN = 512;
/** Fields that hold what people and models said, and of which readers ask only whether they are texts. */
const FIELDS = ['"content":', '"text":'];
const LONGEST_FIELD = 10;

const QUOTE = 34;
const BACKSLASH = 92;
const SPACE = 32;

/** Begins a mark; nobody can write one of their own into a prompt. */
let begin: string | undefined;
const END = ";";

/**
 * JSON of which the long texts are not read: in its value a mark stands for each, and {@link restored} puts the bytes of
 * the text, as they are, into any JSON that was made of the value. A prompt of 50 kB is so never made a string, and
 * neither read nor written letter by letter.
 */
export class LiftedJson {
  /** Undefined when the text is no JSON. */
  readonly value: unknown;
  /** With their quotes. */
  readonly #texts: Buffer[] = [];

  /** `bytes` in UTF-8; nobody may change them as long as this is used. */
  constructor(bytes: Buffer) {
    begin ??= `telltale-text-${newSpanId()}-`;
    const pieces: string[] = [];
    let done = 0;
    for (const { start, end } of longTexts(bytes)) {
      pieces.push(bytes.toString("utf8", done, start), `"${begin}${this.#texts.length}${END}"`);
      this.#texts.push(bytes.subarray(start, end));
      done = end;
    }
    this.value = parseJson(pieces.join("") + bytes.toString("utf8", done));
  }

  /** Whether there is anything to be restored. */
  get isLifted(): boolean {
    return this.#texts.length > 0;
  }

  /** The same text with each mark replaced by what it stands for; the text itself when there is none. */
  restored(text: string): string | Buffer {
    const mark = begin ?? "";
    const pieces: Buffer[] = [];
    let done = 0;
    for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, done)) {
      const end = text.indexOf(END, at);
      const literal = this.#texts[Number(text.slice(at + mark.length, end))];
      if (literal === undefined) break;
      const isQuoted = text[at - 1] === '"' && text[end + 1] === '"';
      pieces.push(Buffer.from(text.slice(done, isQuoted ? at - 1 : at)), isQuoted ? literal : decoded(literal));
      done = isQuoted ? end + 2 : end + 1;
    }
    if (pieces.length === 0) return text;
    return Buffer.concat([...pieces, Buffer.from(text.slice(done))]);
  }
}

/** A text that stands alone is what its literal means. */
function decoded(literal: Buffer): Buffer {
  const text = parseJson(literal.toString("utf8"));
  return typeof text === "string" ? Buffer.from(text) : literal;
}

interface Place {
  /** Index of the quote that begins the text. */
  readonly start: number;
  /** Index behind the quote that ends it. */
  readonly end: number;
}

/** The long texts of fields that hold content, in order. None where it does not pay. */
function longTexts(bytes: Buffer): Place[] {
  const found: Place[] = [];
  let quotes = bytes.length / BYTES_PER_QUOTE;
  let start = bytes.indexOf(QUOTE);
  while (start >= 0) {
    let end = bytes.indexOf(QUOTE, start + 1);
    for (; end > 0 && isEscaped(bytes, end); quotes--) end = bytes.indexOf(QUOTE, end + 1);
    quotes -= 2;
    if (end < 0 || quotes < 0) break;
    if (end - start > LONG_TEXT && isContent(bytes, start)) found.push({ start, end: end + 1 });
    start = bytes.indexOf(QUOTE, end + 1);
  }
  return quotes < 0 ? [] : found;
}

function isEscaped(bytes: Buffer, at: number): boolean {
  let backslashes = 0;
  while (bytes[at - 1 - backslashes] === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}

function isContent(bytes: Buffer, start: number): boolean {
  const before = bytes.toString("latin1", Math.max(0, start - LONGEST_FIELD), start);
  if (!FIELDS.some((name) => before.endsWith(name))) return false;
  const space = bytes.indexOf(SPACE, start);
  return space >= 0 && space < start + SPACE_WITHIN && bytes.toString("latin1", start + 1, start + 6) !== "data:";
}
