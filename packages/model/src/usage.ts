/**
 * The kinds of token a provider bills apart. Disjoint: a token is in exactly one, so that
 * `input` holds uncached text input only and totals are sums (conventions, rule 1).
 */
export const USAGE_BUCKETS = [
  "input",
  "cache_read",
  "cache_write",
  "cache_write_1h",
  "input_audio",
  "cache_read_audio",
  "input_image",
  "cache_read_image",
  "input_video",
  "cache_read_video",
  "output",
  "reasoning",
  "output_audio",
  "output_image",
  "output_video",
] as const;

/** One kind of token; `cache_write` is the five-minute or unstated lifetime. */
export type UsageBucket = (typeof USAGE_BUCKETS)[number];

/** What a provider bills by number beside tokens: searches of its own tools, rerank searches, pages read, seconds heard. */
export const USAGE_UNITS = [
  "web_search",
  "file_search",
  "code_execution",
  "rerank_search",
  "page",
  "annotated_page",
  "audio_second",
] as const;

/** One kind of thing that is billed by number. */
export type UsageUnit = (typeof USAGE_UNITS)[number];

/** Whole numbers per unit. A unit nobody told of is absent. */
export type UsageUnits = { readonly [unit in UsageUnit]?: number };

/** Whole tokens per bucket. A bucket nobody told of is absent, never 0. */
export type UsageBuckets = { readonly [bucket in UsageBucket]?: number };

/**
 * Tokens billed under one model. A response may bill several (conventions, rule 10).
 * `inferred` says that the sender's convention had to be guessed; `estimated` that the
 * sender counted with a tokenizer and not from the provider's answer.
 */
export interface UsageLine {
  readonly model?: string;
  readonly buckets: UsageBuckets;
  readonly units?: UsageUnits;
  readonly quality?: "reported" | "inferred" | "estimated";
}

const INPUT = new Set<UsageBucket>([
  "input",
  "cache_read",
  "cache_write",
  "cache_write_1h",
  "input_audio",
  "cache_read_audio",
  "input_image",
  "cache_read_image",
  "input_video",
  "cache_read_video",
]);

/** Whether a bucket is part of the input; the others are output. */
export function isInputBucket(bucket: UsageBucket): boolean {
  return INPUT.has(bucket);
}

function sumWhere(lines: readonly UsageLine[], wanted: (bucket: UsageBucket) => boolean): number | undefined {
  let sum: number | undefined;
  for (const line of lines)
    for (const bucket of USAGE_BUCKETS) {
      const count = line.buckets[bucket];
      if (count !== undefined && wanted(bucket)) sum = (sum ?? 0) + count;
    }
  return sum;
}

/** All input tokens, cached ones included; `undefined` when nobody told. */
export function inputTokens(lines: readonly UsageLine[]): number | undefined {
  return sumWhere(lines, isInputBucket);
}

/** All output tokens, reasoning included; `undefined` when nobody told. */
export function outputTokens(lines: readonly UsageLine[]): number | undefined {
  return sumWhere(lines, (bucket) => !isInputBucket(bucket));
}

/** Tokens of the named buckets; `undefined` when nobody told of any. */
export function bucketTokens(lines: readonly UsageLine[], ...buckets: UsageBucket[]): number | undefined {
  return sumWhere(lines, (bucket) => buckets.includes(bucket));
}
