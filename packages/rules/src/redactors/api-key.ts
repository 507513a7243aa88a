import type { Redactor, SecretRange } from "../redactor.ts";

/**
 * Keys that say by their beginning what they are, as their issuers document them. Each pattern is a fixed beginning
 * and one bounded run of characters, so that it matches in linear time.
 */
const KEYS = [
  // OpenAI, Anthropic, OpenRouter, DeepSeek: sk-, sk-proj-, sk-ant-api03-, sk-or-v1-
  /sk-[A-Za-z0-9_-]{20,250}/,
  // Stripe: secret and restricted keys, live and test; webhook secrets
  /(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,250}/,
  /whsec_[A-Za-z0-9+/=]{24,250}/,
  // GitHub: personal, OAuth, user-to-server, server-to-server, refresh; fine-grained
  /gh[pousr]_[A-Za-z0-9]{36,251}/,
  /github_pat_[A-Za-z0-9_]{36,251}/,
  // GitLab personal access tokens
  /glpat-[A-Za-z0-9_-]{20,250}/,
  // Google API keys
  /AIza[A-Za-z0-9_-]{35}/,
  // AWS access key ids (AKIA long-term, ASIA temporary)
  /(?:AKIA|ASIA)[A-Z2-7]{16}/,
  // Slack tokens
  /xox[abeoprs]-[A-Za-z0-9-]{10,250}/,
  // Hugging Face, Groq, xAI, Perplexity, Replicate, Tavily
  /hf_[A-Za-z0-9]{30,250}/,
  /gsk_[A-Za-z0-9]{40,250}/,
  /xai-[A-Za-z0-9]{40,250}/,
  /pplx-[A-Za-z0-9]{40,250}/,
  /r8_[A-Za-z0-9]{30,250}/,
  /tvly-[A-Za-z0-9-]{20,250}/,
  // npm, PyPI
  /npm_[A-Za-z0-9]{36}/,
  /pypi-[A-Za-z0-9_-]{50,250}/,
  // Langfuse, LangSmith
  /(?:sk|pk)-lf-[0-9a-f-]{30,60}/,
  /lsv2_(?:pt|sk)_[A-Za-z0-9_]{30,250}/,
  // SendGrid, Pinecone
  /SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64}/,
  /pcsk_[A-Za-z0-9_]{30,250}/,
];

const source = KEYS.map((pattern) => pattern.source).join("|");
/**
 * Not inside a longer word: `task-force-…` holds no key. The letter of an escape (`\\n` in JSON) and the digits of one
 * (`%20` in an address) are no word, though.
 */
const KEY = new RegExp(`(?<!(?<!\\\\|%[0-9A-Fa-f])[A-Za-z0-9_])(?:${source})`, "g");
/** The fixed beginnings alone: most texts hold none. */
const BEGINNING =
  /sk-|[sr]k_(?:live|test)_|whsec_|gh[pousr]_|github_pat_|glpat-|AIza|A[KS]IA|xox[abeoprs]-|hf_|gsk_|xai-|pplx-|r8_|tvly-|npm_|pypi-|pk-lf-|lsv2_|SG\.|pcsk_/;

/** `sk-` is also how words begin: a key has a digit, and letters besides. */
function looksRandom(key: string): boolean {
  return /\d/.test(key) && /[A-Za-z]/.test(key.slice(4));
}

/** Keys of well-known issuers, recognised by the beginning that the issuer gives them. */
export const apiKey: Redactor = {
  name: "api-key",
  summary: "keys and tokens of well-known services, by the beginning that their issuer gives them",
  mayOccur: (text) => BEGINNING.test(text),
  find: (text) => {
    const found: SecretRange[] = [];
    for (const match of text.matchAll(KEY))
      if (looksRandom(match[0])) found.push({ start: match.index, end: match.index + match[0].length });
    return found;
  },
};
