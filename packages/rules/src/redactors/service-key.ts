import { entropyOf } from "../redact/checksum.ts";
import { isWord, isWordBefore } from "../redact/text-places.ts";
import type { Redactor, SecretRange } from "../redactor.ts";

/** Services whose keys say nothing by themselves: the service's name stands near, and something that assigns. */
const SERVICES: ReadonlyMap<string, RegExp> = new Map([
  ["azure", /[0-9a-f]{32}|[A-Za-z0-9]{84}/y],
  ["openai", /[0-9a-f]{32}/y],
  ["cognitive", /[0-9a-f]{32}/y],
  ["cohere", /[A-Za-z0-9]{40}/y],
  ["mistral", /[A-Za-z0-9]{32}/y],
  ["datadog", /[0-9a-f]{40}|[0-9a-f]{32}/y],
  ["dd_", /[0-9a-f]{40}|[0-9a-f]{32}/y],
  ["twilio", /[0-9a-f]{32}/y],
  ["discord", /[A-Za-z0-9_-]{32}/y],
  ["cloudflare", /[A-Za-z0-9_-]{40}|[0-9a-f]{37}/y],
  ["algolia", /[0-9a-f]{32}/y],
  ["fastly", /[A-Za-z0-9_-]{32}/y],
  ["deepgram", /[0-9a-f]{40}/y],
  ["assemblyai", /[0-9a-f]{32}/y],
  ["together", /[0-9a-f]{64}/y],
  ["wandb", /[0-9a-f]{40}/y],
  ["serper", /[0-9a-f]{40}/y],
  ["serpapi", /[0-9a-f]{64}/y],
  ["heroku", /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/y],
  ["postmark", /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/y],
  ["newrelic", /[0-9a-f]{40}/y],
  ["okta", /00[A-Za-z0-9_-]{40}/y],
  ["linode", /[0-9a-f]{64}/y],
  ["dropbox", /[a-z0-9]{15}/y],
  ["weaviate", /[A-Za-z0-9]{36,40}/y],
]);

/** By their first three letters: one place in a text is not compared with every name. */
const byBeginning = Map.groupBy(SERVICES, ([name]) => name.slice(0, 3));

/** From the service's name to its key: a few words, then something that assigns. */
const BETWEEN =
  /[^\n\r;]{0,64}?(?:key|token|secret|auth|sid|password|pass|credential)s?["'`\]\\]{0,4}\s{0,3}(?:=>|:=|[:=,]|is|was)\s{0,3}["'`\\]{0,4}/iy;
/** Okta's keys say enough beside its name by their beginning and length: nothing needs to assign them. */
const BEFORE_OKTA_KEY = /[^\n\r;]{0,64}?(?<![\w-])(?=00[\w-]{40}(?![\w-]))/y;
const LEAST_ENTROPY = 3;

/** Keys without a form of their own, by the service that is named in front of them. */
export const serviceKey: Redactor = {
  name: "service-key",
  summary:
    "keys without a prefix (Azure OpenAI, Cohere, Mistral, Datadog, Twilio, Cloudflare …) behind the service's name and a word such as key",
  source: "the services' documentation (characters and length)",
  standard: true,
  anchors: Array.from(SERVICES.keys(), (literal) => ({ literal, ignoreCase: true })),
  at(text, index): SecretRange | undefined {
    for (const [name, pattern] of byBeginning.get(text.slice(index, index + 3).toLowerCase()) ?? []) {
      if (text.slice(index, index + name.length).toLowerCase() !== name) continue;
      const between = name === "okta" ? BEFORE_OKTA_KEY : BETWEEN;
      between.lastIndex = index + name.length;
      if (!between.test(text)) return undefined;
      const start = between.lastIndex;
      pattern.lastIndex = start;
      if (isWordBefore(text, start) || !pattern.test(text) || isWord(text, pattern.lastIndex)) return undefined;
      const value = text.slice(start, pattern.lastIndex);
      return entropyOf(value) >= LEAST_ENTROPY && /\d/.test(value) ? { start, end: pattern.lastIndex } : undefined;
    }
    return undefined;
  },
};
