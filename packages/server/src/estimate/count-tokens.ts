/** Which tokenizer a model's text is counted with; `bytes` where nobody publishes one. */
export type TokenCounting = "o200k_base" | "cl100k_base" | "bytes";

/** Pieces of text are counted apart: the tokenizer takes time with the square of a run without blanks. */
const PIECES = /[\s\S]{1,1000}(?=\s|$)|[\s\S]{1,1000}/g;
/** A rough rule for English text. */
const BYTES_PER_TOKEN = 4;

/** How the text of a model is counted. */
export function countingOf(model: string): TokenCounting {
  const name = model.toLowerCase().replace(/^.*\//, "");
  if (/^(gpt-3\.5|gpt-4(?![.\w])|gpt-4-|text-embedding-|gpt-35)/.test(name)) return "cl100k_base";
  return /^(ft:)?(gpt-|chatgpt-|o\d|codex-)/.test(name) ? "o200k_base" : "bytes";
}

/** What is used of a tokenizer. */
interface Tokenizer {
  countTokens(text: string, options: { allowedSpecial: Set<string>; disallowedSpecial: Set<string> }): number;
}

/** The tokenizers that are here, by name. */
export type Tokenizers = ReadonlyMap<TokenCounting, Tokenizer>;

let loading: Promise<Tokenizers> | undefined;

/** Loads the tokenizers when they are first wanted; those that are not installed, which they need not be, are missing. */
export function loadTokenizers(): Promise<Tokenizers> {
  return (loading ??= load());
}

async function load(): Promise<Tokenizers> {
  const found = new Map<TokenCounting, Tokenizer>();
  for (const counting of ["o200k_base", "cl100k_base"] as const) {
    const name = `gpt-tokenizer/encoding/${counting}`;
    const tokenizer = await import(name).then(
      (module: Tokenizer) => module,
      () => undefined,
    );
    if (tokenizer) found.set(counting, tokenizer);
  }
  return found;
}

/** How the text of a model can be counted here: by bytes where its tokenizer is not installed. */
export function countingHere(model: string, tokenizers: Tokenizers): TokenCounting {
  const counting = countingOf(model);
  return tokenizers.has(counting) ? counting : "bytes";
}

/** How a text is counted. */
export interface Counter {
  readonly counting: TokenCounting;
  readonly tokenizers: Tokenizers;
  /** Characters that are counted; of longer texts the rest in proportion. */
  readonly most: number;
}

/** Tokens of a text, about. */
export function countTokens(text: string, { counting, tokenizers, most }: Counter): number {
  if (text === "") return 0;
  const tokenizer = tokenizers.get(counting);
  if (!tokenizer) return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
  const counted = text.slice(0, most);
  let tokens = 0;
  // What looks like a special token was written by somebody, and is text.
  const options = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() };
  for (const [piece] of counted.matchAll(PIECES)) tokens += tokenizer.countTokens(piece, options);
  return text.length === counted.length ? tokens : Math.ceil((tokens * text.length) / counted.length);
}
