/** Which tokenizer a model's text is counted with; `bytes` where nobody publishes one. */
export type TokenCounting = "o200k_base" | "cl100k_base" | "bytes";

/** Pieces of text are counted apart: the tokenizer takes time with the square of a run without blanks. */
const PIECES = /[\s\S]{1,1000}(?=\s|$)|[\s\S]{1,1000}/g;
/** Of longer texts the beginning is counted, and the rest in proportion. */
const MOST_CHARACTERS = 200_000;
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

const tokenizers = new Map<string, Promise<Tokenizer | undefined>>();

/** Loaded when it is first wanted; `undefined` where it is not installed, which it need not be. */
function tokenizerOf(counting: TokenCounting): Promise<Tokenizer | undefined> {
  const found = tokenizers.get(counting);
  if (found) return found;
  const name = `gpt-tokenizer/encoding/${counting}`;
  const loading = import(name).then(
    (module: Tokenizer) => module,
    () => undefined,
  );
  tokenizers.set(counting, loading);
  return loading;
}

/** How the text of a model can be counted here: by bytes where its tokenizer is not installed. */
export async function countingHere(model: string): Promise<TokenCounting> {
  const counting = countingOf(model);
  return counting === "bytes" || (await tokenizerOf(counting)) ? counting : "bytes";
}

/** Tokens of a text, about. */
export async function countTokens(text: string, counting: TokenCounting): Promise<number> {
  if (text === "") return 0;
  const tokenizer = counting === "bytes" ? undefined : await tokenizerOf(counting);
  if (!tokenizer) return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
  const counted = text.slice(0, MOST_CHARACTERS);
  let tokens = 0;
  // What looks like a special token was written by somebody, and is text.
  const options = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() };
  for (const [piece] of counted.matchAll(PIECES)) tokens += tokenizer.countTokens(piece, options);
  return text.length === counted.length ? tokens : Math.ceil((tokens * text.length) / counted.length);
}
