import type { Tokenizers } from "./count-tokens.ts";

let tokenizers: Tokenizers = new Map();

/** Says which tokenizers this process counts with. Called once, before the first span. */
export function useTokenizers(these: Tokenizers): void {
  tokenizers = these;
}

/** The tokenizers of this process; without any, text is counted by its bytes. */
export function currentTokenizers(): Tokenizers {
  return tokenizers;
}
