import type { PriceBook, PricedModel } from "./price-book.ts";
import { prices } from "./prices/index.ts";

/** A model that has a price, and whose price it is. */
export interface FoundModel {
  readonly book: PriceBook;
  readonly model: PricedModel;
}

/** Longer names are nobody's model; they are not matched against anything. */
const MAX_NAME_LENGTH = 256;
/** Answers kept: a fleet uses dozens of models, and names are hostile input. */
const ANSWERS_KEPT = 5000;

const books: ReadonlyMap<string, PriceBook> = new Map(prices.map((book) => [book.provider, book]));

/** `gen_ai.provider.name`, and spellings met in model names → the book. */
const BOOKS: ReadonlyMap<string, string> = new Map([
  ["azure.ai.openai", "azure"],
  ["azure.ai.inference", "azure"],
  ["azure_ai", "azure"],
  ["aws.bedrock", "aws"],
  ["bedrock", "aws"],
  ["bedrock_converse", "aws"],
  ["amazon", "aws"],
  ["gcp.gemini", "google"],
  ["gcp.vertex_ai", "google"],
  ["gcp.gen_ai", "google"],
  ["gemini", "google"],
  ["vertex_ai", "google"],
  ["mistral_ai", "mistral"],
  ["mistralai", "mistral"],
  ["x_ai", "x-ai"],
  ["xai", "x-ai"],
  ["moonshot_ai", "moonshotai"],
  ["moonshot", "moonshotai"],
  ["together_ai", "together"],
  ["togetherai", "together"],
  ["fireworks_ai", "fireworks"],
  ["voyage", "voyageai"],
  ["voyage_ai", "voyageai"],
]);

/** The names that a provider of the catalogue goes by. */
export function providerNames(provider: string): readonly string[] {
  return [provider, ...[...BOOKS].flatMap(([name, book]) => (book === provider ? [name] : []))];
}

const patterns = new Map<string, RegExp>();

function matches(pattern: string, name: string): boolean {
  let compiled = patterns.get(pattern);
  if (!compiled) patterns.set(pattern, (compiled = new RegExp(pattern, "i")));
  return compiled.test(name);
}

function bookOf(provider: string | undefined): PriceBook | undefined {
  if (provider === undefined) return undefined;
  const name = provider.toLowerCase();
  const exact = books.get(BOOKS.get(name) ?? name);
  if (exact || name.length > MAX_NAME_LENGTH) return exact;
  return prices.find((book) => book.names !== undefined && matches(book.names, name));
}

/** The model under this name in a book, or in the books of those whose models it sells. */
function inBook(book: PriceBook, name: string): FoundModel | undefined {
  const model = book.models.find((candidate) => matches(candidate.match, name));
  if (model) return { book, model };
  for (const other of book.alsoSells ?? []) {
    const sold = books.get(other);
    const found = sold?.models.find((candidate) => matches(candidate.match, name));
    if (sold && found) return { book: sold, model: found };
  }
  return undefined;
}

/** The model under this name at the provider whose own it is, such as Anthropic for every claude. */
function atItsOwner(name: string): FoundModel | undefined {
  for (const book of prices) {
    if (book.match === undefined || !matches(book.match, name)) continue;
    const found = inBook(book, name);
    if (found) return found;
  }
  return undefined;
}

/**
 * The names to try for a model, the most exact first: as told; without the path of a resource
 * (`models/…`, an ARN); without a gateway's prefix; without a variant (`:nitro`); without its date.
 */
function namesOf(told: string): readonly string[] {
  const names = new Set([told]);
  const last = told.slice(told.lastIndexOf("/") + 1);
  names.add(last);
  names.add(last.replace(/@(?:\d{8}|default|latest)$/, ""));
  // A region in front, as Bedrock's inference profiles have it: `us.anthropic.claude-…`.
  const regional = last.replace(/^(?:us|eu|apac|ap|jp|au|ca|global|us-gov)\.(?=[a-z])/, "");
  names.add(regional);
  names.add(regional.replace(/^(?:anthropic|meta|amazon|mistral|cohere|deepseek)\./, ""));
  if (!last.startsWith("ft:") && !last.endsWith(":free")) names.add(last.replace(/:[a-z0-9-]+$/, ""));
  const undated = Array.from(names, (name) => name.replace(/-(?:\d{4}-\d{2}-\d{2}|\d{8}|latest)$/, ""));
  return [...names, ...undated].filter((name) => name !== "");
}

function find(provider: string | undefined, told: string): FoundModel | undefined {
  const names = namesOf(told);
  const slash = told.indexOf("/");
  const prefix = slash > 0 ? bookOf(told.slice(0, slash)) : undefined;
  for (const book of [bookOf(provider), prefix]) {
    if (!book) continue;
    for (const name of names) {
      const found = inBook(book, name);
      if (found) return found;
    }
  }
  for (const name of names) {
    const found = atItsOwner(name);
    if (found) return found;
  }
  return undefined;
}

const answers = new Map<string, FoundModel | null>();

/**
 * The priced model that a call's provider and model name mean. The provider's own book is asked
 * first; a provider without prices, or none, leaves it to the model's owner, as a client of one
 * vendor is often pointed at another's address. `undefined`: nobody's price is known.
 */
export function findModel(provider: string | undefined, model: string): FoundModel | undefined {
  if (model.length > MAX_NAME_LENGTH) return undefined;
  const key = `${provider ?? ""}\n${model}`;
  const known = answers.get(key);
  if (known !== undefined) return known ?? undefined;
  const found = find(provider, model.toLowerCase());
  if (answers.size >= ANSWERS_KEPT) answers.clear();
  answers.set(key, found ?? null);
  return found;
}
