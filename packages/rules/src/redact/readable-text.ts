/** A text as its reader would see it, and how to get back to the text as it is written. */
export interface ReadableText {
  readonly text: string;
  /** The written range for a readable one; it never ends within an escape. */
  written(start: number, end: number): { readonly start: number; readonly end: number };
}

const LETTERS: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["b", "\b"],
  ["f", "\f"],
]);

const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([^]))/g;
const PERCENT = /(?:%[0-9a-fA-F]{2})+/g;

/** Pieces of a text that mean something else, in order. */
interface Piece {
  readonly from: number;
  readonly to: number;
  readonly means: string;
}

/** Takes one level of escapes with backslashes off: `\u0040` is `@`, `\/` is `/`, `\"` is `"`. */
export function withoutEscapes(text: string): ReadableText {
  const pieces: Piece[] = [];
  for (const match of text.matchAll(ESCAPE)) {
    const [whole, four, two, letter] = match;
    const code = four ?? two;
    const means = code === undefined ? (LETTERS.get(letter ?? "") ?? letter ?? "") : fromCode(code);
    pieces.push({ from: match.index, to: match.index + whole.length, means });
  }
  return replaced(text, pieces);
}

/** Takes the percent signs of an address off; what is no UTF-8 stays. */
export function withoutPercents(text: string): ReadableText {
  const pieces: Piece[] = [];
  for (const match of text.matchAll(PERCENT)) {
    const [whole] = match;
    const decoded = decodePercents(whole);
    if (decoded === undefined) continue;
    // One character for each piece, so that a secret can end between two of them.
    let from = match.index;
    for (const character of decoded) {
      const length = encodeURIComponent(character).length === 1 ? 3 : encodeURIComponent(character).length;
      pieces.push({ from, to: from + length, means: character });
      from += length;
    }
  }
  return replaced(text, pieces);
}

function decodePercents(text: string): string | undefined {
  try {
    const decoded = decodeURIComponent(text);
    return decoded.isWellFormed() ? decoded : undefined;
  } catch {
    return undefined;
  }
}

function fromCode(hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16));
}

function replaced(text: string, pieces: readonly Piece[]): ReadableText {
  let readable = "";
  let done = 0;
  // Where each piece begins in the readable text.
  const begins: number[] = [];
  for (const { from, to, means } of pieces) {
    readable += text.slice(done, from);
    begins.push(readable.length);
    readable += means;
    done = to;
  }
  readable += text.slice(done);
  const writtenAt = (at: number, isEnd: boolean): number => {
    let low = 0;
    let high = begins.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((begins[middle] ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    const piece = pieces[low - 1];
    if (piece === undefined) return at;
    const into = at - (begins[low - 1] ?? 0);
    if (into < piece.means.length) return isEnd ? piece.to : piece.from;
    return piece.to + into - piece.means.length;
  };
  return {
    text: readable,
    written: (start, end) => ({ start: writtenAt(start, false), end: writtenAt(end - 1, true) + oneMore(end - 1) }),
  };

  /** The last unit of a range, as it is written, is one unit long unless it is a piece. */
  function oneMore(at: number): number {
    const first = writtenAt(at, false);
    return first === writtenAt(at, true) ? 1 : 0;
  }
}
