/*
 * npm run prices: writes packages/rules/src/prices/<provider>.json and their index from the installed
 * version of @pydantic/genai-prices. With --check it only says whether they are what it would write.
 * A price is whole nano-dollars for a million tokens; what the source gives finer is rounded, halves to even.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findProvider } from "@pydantic/genai-prices";
import { ADDED, ADDED_PROVIDERS } from "./source/added-prices.mjs";

const root = join(import.meta.dirname, "..");
const folder = join(root, "packages/rules/src/prices");
const version = JSON.parse(
  readFileSync(join(root, "node_modules/@pydantic/genai-prices/package.json"), "utf8"),
).version;

/** Every provider of the source, under its ids, and those that are added; the test of the prices tells when one is missing. */
const PROVIDERS = [
  "anthropic",
  "arcee",
  "avian",
  "aws",
  "azure",
  "baseten",
  "cerebras",
  "cloudflare",
  "cohere",
  "cursor",
  "deepseek",
  "doubleword",
  "fireworks",
  "github-copilot",
  "google",
  "groq",
  "huggingface_cerebras",
  "huggingface_fireworks-ai",
  "huggingface_groq",
  "huggingface_hyperbolic",
  "huggingface_nebius",
  "huggingface_novita",
  "huggingface_nscale",
  "huggingface_ovhcloud",
  "huggingface_publicai",
  "huggingface_sambanova",
  "huggingface_together",
  "jina",
  "minimax",
  "mistral",
  "modal",
  "moonshotai",
  "novita",
  "openai",
  "openrouter",
  "ovhcloud",
  "perplexity",
  "quicksilverpro",
  "together",
  "typesafe",
  "voyageai",
  "x-ai",
  "zai",
  "zhipuai",
];

/** The source's names of prices for a million tokens → ours. */
const BUCKETS = new Map([
  ["input_mtok", "input"],
  ["cache_read_mtok", "cache_read"],
  ["cache_write_mtok", "cache_write"],
  ["cache_write_1h_mtok", "cache_write_1h"],
  ["input_audio_mtok", "input_audio"],
  ["cache_audio_read_mtok", "cache_read_audio"],
  ["input_image_mtok", "input_image"],
  ["cache_image_read_mtok", "cache_read_image"],
  ["input_video_mtok", "input_video"],
  ["cache_video_read_mtok", "cache_read_video"],
  ["output_mtok", "output"],
  ["output_reasoning_mtok", "reasoning"],
  ["output_audio_mtok", "output_audio"],
  ["output_image_mtok", "output_image"],
  ["output_video_mtok", "output_video"],
]);

/** The source's names of prices of what is billed by number → ours, and how many the price is for. */
const UNITS = new Map([
  ["web_searches_kcount", { unit: "web_search", per: 1000 }],
  ["storage_searches_kcount", { unit: "file_search", per: 1000 }],
  ["code_executions_kcount", { unit: "code_execution", per: 1000 }],
  ["rerank_searches_kcount", { unit: "rerank_search", per: 1000 }],
  ["input_document_kpages", { unit: "page", per: 1000 }],
  ["input_annotated_document_kpages", { unit: "annotated_page", per: 1000 }],
  ["audio_hours", { unit: "audio_second", per: 3600 }],
]);

/** Groq bills ten seconds of speech at least. */
const LEAST = new Map([["groq", { audio_second: 10 }]]);

/**
 * Models of a provider that the source knows by its name only, though nobody else's are called so: of embeddings and reranking
 * many instrumentations tell no provider.
 */
const OWN_MODELS = new Map([
  ["openai", "^text-embedding-(?:3-|ada-)|^chatgpt-|^codex-mini|^computer-use|^ft:(?:gpt-|o[134])"],
  ["cohere", "^embed-v4|^rerank-v[3-5]|^c4ai-"],
]);

/** Prices that are finer than a nano-dollar for a million tokens, and so were rounded. */
let rounded = 0;

/**
 * Dollars for a million tokens as whole nano-dollars.
 *
 * @param {number} dollars
 */
function nanos(dollars) {
  const exact = dollars * 1e9;
  const near = Math.round(exact);
  // A double carries 15 digits: a smaller difference is its own and not the source's.
  if (Math.abs(exact - near) <= Math.abs(exact) * 1e-13) return near;
  rounded++;
  const below = Math.floor(exact);
  return exact - below === 0.5 ? below + (below % 2) : near;
}

/** @param {string} text */
const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/**
 * One regular expression for a match of the source; names are compared in lower case.
 *
 * @param {import("@pydantic/genai-prices").MatchLogic} match
 * @returns {string}
 */
function pattern(match) {
  if ("or" in match) return `(?:${match.or.map(pattern).join("|")})`;
  if ("and" in match) return match.and.map((each) => `(?=${pattern(each)})`).join("");
  if ("equals" in match) return `^${escape(match.equals.toLowerCase())}$`;
  if ("starts_with" in match) return `^${escape(match.starts_with.toLowerCase())}`;
  if ("ends_with" in match) return `^.*${escape(match.ends_with.toLowerCase())}$`;
  if ("contains" in match) return `^.*${escape(match.contains.toLowerCase())}`;
  return match.regex.startsWith("^") ? match.regex : `^.*${match.regex}`;
}

/**
 * @param {import("@pydantic/genai-prices").ModelPrice} price
 * @param {string} provider
 * @returns {{ prices: Record<string, number>, request?: number, units?: Record<string, number>, least?: Record<string, number>, tiers?: { above: number, prices: Record<string, number> }[] }}
 */
function row(price, provider) {
  /** @type {Record<string, number>} */
  const prices = {};
  /** @type {Map<number, Record<string, number>>} */
  const tiers = new Map();
  for (const [key, bucket] of BUCKETS) {
    const told = price[key];
    if (told === undefined) continue;
    prices[bucket] = nanos(typeof told === "number" ? told : told.base);
    if (typeof told === "number") continue;
    for (const { start, price: higher } of told.tiers) {
      const tier = tiers.get(start) ?? {};
      tier[bucket] = nanos(higher);
      tiers.set(start, tier);
    }
  }
  const perThousand = price["requests_kcount"];
  return {
    prices,
    ...(typeof perThousand === "number" ? { request: nanos(perThousand * 1000) } : {}),
    ...unitsOf(price, provider),
    ...(tiers.size > 0
      ? { tiers: [...tiers].sort((a, b) => a[0] - b[0]).map(([above, higher]) => ({ above, prices: higher })) }
      : {}),
  };
}

/**
 * @param {import("@pydantic/genai-prices").ModelPrice} price
 * @param {string} provider
 */
function unitsOf(price, provider) {
  /** @type {Record<string, number>} */
  const units = {};
  for (const [key, { unit, per }] of UNITS) {
    const told = price[key];
    if (typeof told === "number") units[unit] = nanos((told * 1_000_000) / per);
  }
  if (Object.keys(units).length === 0) return {};
  const least = LEAST.get(provider);
  return { units, ...(least && "audio_second" in units ? { least } : {}) };
}

/** @param {string | undefined} from */
const dated = (from) => (from === undefined ? {} : { from });

/**
 * Models that are given away: the source has no prices for them, as for some that it knows nothing of.
 *
 * @param {string} id
 * @param {import("@pydantic/genai-prices").ModelPrice} price
 */
function isFree(id, price) {
  return Object.keys(price).length === 0 && (id.endsWith(":free") || id.startsWith("gemma") || id === "moderation");
}

/**
 * @param {import("@pydantic/genai-prices").ModelInfo} model
 * @param {string} provider
 */
function modelOf(model, provider) {
  const list = Array.isArray(model.prices) ? model.prices : [{ prices: model.prices }];
  /** @type {string | undefined} */
  let from;
  const rows = list.map(({ constraint, prices }) => ({
    // Hours of the day cannot carry a date in the source; they follow the dated row they came with.
    ...dated((from = constraint?.type === "start_date" ? constraint.start_date : from)),
    ...(constraint?.type === "time_of_date"
      ? { hours: [constraint.start_time.slice(0, 5), constraint.end_time.slice(0, 5)] }
      : {}),
    ...row(isFree(model.id, prices) ? { input_mtok: 0, output_mtok: 0 } : prices, provider),
  }));
  return { id: model.id, match: pattern(model.match), rows };
}

/**
 * @param {object} head
 * @param {readonly object[]} models
 */
function writeBook(head, models) {
  const lines = models.map((model) => `    ${JSON.stringify(model)}`).join(",\n");
  return `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "models": [\n${lines}\n  ]\n}\n`;
}

/** @param {string} id */
function bookText(id) {
  const added = ADDED_PROVIDERS.get(id);
  if (added) return writeBook({ provider: id, source: "telltale", ...added }, ADDED.get(id) ?? []);
  const provider = findProvider({ providerId: id });
  if (!provider) throw new Error(`@pydantic/genai-prices ${version} has no provider "${id}"; take it off the list`);
  const taken = provider.models
    .map((model) => modelOf(model, id))
    .filter(({ rows }) => rows.some(({ prices, units }) => "input" in prices || units));
  const models = [...taken, ...(ADDED.get(id) ?? [])];
  const matches = [provider.model_match ? pattern(provider.model_match) : [], OWN_MODELS.get(id) ?? []].flat();
  const head = {
    provider: id,
    source: `genai-prices ${version}`,
    ...(provider.provider_match ? { names: pattern(provider.provider_match) } : {}),
    ...(matches.length > 0 ? { match: matches.join("|") } : {}),
    ...(provider.fallback_model_providers ? { alsoSells: provider.fallback_model_providers } : {}),
  };
  return writeBook(head, models);
}

/** @param {string} id */
const fileName = (id) => id.replaceAll("_", "-");

/** @param {string} id */
const identifier = (id) => id.replace(/[-_]([a-z0-9])/g, (_, letter) => letter.toUpperCase());

function indexText() {
  return [
    "// Written by `npm run prices` from the files of this folder.",
    'import type { PriceBook } from "../price-book.ts";',
    ...PROVIDERS.map((id) => `import ${identifier(id)} from "./${fileName(id)}.json" with { type: "json" };`),
    "",
    "// The compiler sees every row of a JSON file as a type of its own; their test checks the shape.",
    "const read: readonly unknown[] = [",
    ...PROVIDERS.map((id) => `  ${identifier(id)},`),
    "];",
    "",
    "/** The prices of every provider. */",
    "export const prices: readonly PriceBook[] = read as readonly PriceBook[];",
    "",
  ].join("\n");
}

/** @type {Map<string, string>} */
const files = new Map([["index.ts", indexText()]]);
for (const id of PROVIDERS) files.set(`${fileName(id)}.json`, bookText(id));
const stale = [];
for (const [name, text] of files) {
  const path = join(folder, name);
  let before = "";
  try {
    before = readFileSync(path, "utf8");
  } catch {
    // A new provider has no file yet.
  }
  if (before === text) continue;
  stale.push(name);
  if (!process.argv.includes("--check")) writeFileSync(path, text);
}
console.log(
  `prices: ${files.size - 1} providers from genai-prices ${version}, ${rounded} finer than a nano-dollar and rounded; ` +
    (stale.length === 0
      ? "all up to date"
      : `${process.argv.includes("--check") ? "stale" : "wrote"} ${stale.join(", ")}`),
);
if (stale.length > 0 && process.argv.includes("--check")) process.exitCode = 1;
