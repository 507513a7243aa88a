/** A text of JSON keeps this much of each long string at least; below it, it is no longer worth the name. */
const SHORTEST_KEPT = 64;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** The longest escape in JSON is \uXXXX. */
const LONGEST_ESCAPE = 6;

function marker(bytes: number): string {
  return `…[${bytes} bytes left out]`;
}

/**
 * Text of at most `most` bytes in UTF-8 that says how much was left out. JSON stays JSON where its
 * long strings, shortened one by one, make it short enough; any other text loses its end.
 */
export function shortenText(text: Buffer, most: number): Buffer {
  if (text.length <= most) return text;
  const first = text[0];
  if (first === 0x5b || first === 0x7b || first === QUOTE) {
    for (let kept = Math.floor(most / 2); kept >= SHORTEST_KEPT; kept = Math.floor(kept / 4)) {
      const shortened = shortenStrings(text, kept);
      if (shortened.length <= most) return shortened;
    }
  }
  return cut(text, most);
}

/** The beginning of the text and a marker, in `most` bytes; without one where it has no room. */
function cut(text: Buffer, most: number): Buffer {
  const told = Buffer.from(marker(text.length));
  if (told.length >= most) return text.subarray(0, characterStart(text, most));
  const end = characterStart(text, most - told.length);
  return Buffer.concat([text.subarray(0, end), Buffer.from(marker(text.length - end))]);
}

/** Cuts each string literal longer than `most` bytes. Broken JSON comes out as broken as it was. */
function shortenStrings(json: Buffer, most: number): Buffer {
  const pieces: Buffer[] = [];
  let copied = 0;
  for (let open = json.indexOf(QUOTE); open !== -1;) {
    const close = literalEnd(json, open + 1);
    if (close === -1) break;
    if (close - open - 1 > most) {
      const end = escapeStart(json, open + 1, characterStart(json, open + 1 + most));
      pieces.push(json.subarray(copied, end), Buffer.from(marker(close - end)));
      copied = close;
    }
    open = json.indexOf(QUOTE, close + 1);
  }
  pieces.push(json.subarray(copied));
  return Buffer.concat(pieces);
}

/** Where the quote stands that ends the literal; -1 when none does. */
function literalEnd(json: Buffer, from: number): number {
  let close = json.indexOf(QUOTE, from);
  while (close !== -1 && escaped(json, from, close)) close = json.indexOf(QUOTE, close + 1);
  return close;
}

function escaped(json: Buffer, from: number, at: number): boolean {
  let backslashes = 0;
  while (at - 1 - backslashes >= from && json[at - 1 - backslashes] === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}

/** `end`, or the start of the escape that it would cut in two; a surrogate pair stays whole. */
function escapeStart(json: Buffer, from: number, end: number): number {
  for (let at = Math.max(from, end - 2 * LONGEST_ESCAPE); at < end; at++) {
    if (json[at] !== BACKSLASH || escaped(json, from, at)) continue;
    const isUnicode = json[at + 1] === 0x75;
    const isHigh = isUnicode && /^[dD][89abAB]/.test(json.toString("latin1", at + 2, at + 4));
    const length = isHigh ? 2 * LONGEST_ESCAPE : isUnicode ? LONGEST_ESCAPE : 2;
    if (at + length > end) return at;
    at += length - 1;
  }
  return end;
}

/** The last position up to `end` that does not cut a character of UTF-8 in two. */
function characterStart(text: Buffer, end: number): number {
  let at = Math.max(0, end);
  while (at > 0 && ((text[at] ?? 0) & 0xc0) === 0x80) at--;
  return at;
}
