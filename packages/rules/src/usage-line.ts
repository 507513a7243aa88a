import type { UsageBucket, UsageLine, UsageUnit, UsageUnits } from "@telltale/model";
import { USAGE_UNITS } from "@telltale/model";

/** Token counts as a sender told them; a total and its parts, of which any may be missing. */
export interface TokenCounts {
  readonly input?: number | undefined;
  readonly output?: number | undefined;
  readonly cacheRead?: number | undefined;
  /** All cache writes, those of one hour included. */
  readonly cacheWrite?: number | undefined;
  readonly cacheWriteHour?: number | undefined;
  readonly reasoning?: number | undefined;
  readonly inputAudio?: number | undefined;
  readonly cacheReadAudio?: number | undefined;
  readonly inputImage?: number | undefined;
  readonly cacheReadImage?: number | undefined;
  readonly inputVideo?: number | undefined;
  readonly cacheReadVideo?: number | undefined;
  readonly outputAudio?: number | undefined;
  readonly outputImage?: number | undefined;
  readonly outputVideo?: number | undefined;
}

/** How a sender counts, where it is known. */
export interface CountingConvention {
  readonly model?: string | undefined;
  /** Cached tokens are not inside `input` (Anthropic's raw numbers, Langfuse). */
  readonly cachedApart?: boolean;
  /** Reasoning tokens are not inside `output` (Gemini's raw numbers, Langfuse). */
  readonly reasoningApart?: boolean;
  /** The sender counted with a tokenizer of its own. */
  readonly estimated?: boolean;
}

/**
 * Disjoint buckets from a sender's totals (conventions, rule 1 and §8). Parts are taken out of
 * the total they are inside of. Where that would leave less than nothing, the sender's parts were
 * apart after all: its numbers are used as they are and the line is marked `inferred`.
 * `billed` is what costs by number beside the tokens. `undefined` when no number was told.
 */
export function usageLine(
  counts: TokenCounts,
  convention: CountingConvention = {},
  billed?: UsageUnits,
): UsageLine | undefined {
  const found: { [bucket in UsageBucket]?: number } = {};
  const inferredInput = fillInput(found, counts, convention.cachedApart === true);
  const inferredOutput = fillOutput(found, counts, convention.reasoningApart === true);
  const buckets: { [bucket in UsageBucket]?: number } = {};
  let told = false;
  for (const bucket in found) {
    const tokens = found[bucket as UsageBucket];
    if (tokens === undefined) continue;
    buckets[bucket as UsageBucket] = tokens;
    told = true;
  }
  const units = unitsOf(billed);
  if (!told && units === undefined) return undefined;
  const quality = convention.estimated ? "estimated" : inferredInput || inferredOutput ? "inferred" : "reported";
  const { model } = convention;
  return { ...(model === undefined ? {} : { model }), buckets, ...(units === undefined ? {} : { units }), quality };
}

function unitsOf(told: UsageUnits | undefined): UsageUnits | undefined {
  const units: { [unit in UsageUnit]?: number } = {};
  let any = false;
  for (const unit of USAGE_UNITS) {
    const count = told?.[unit];
    if (count === undefined || count === 0) continue;
    units[unit] = count;
    any = true;
  }
  return any ? units : undefined;
}

/** Kinds of input beside text: all of it, the part from the cache, and the buckets of the rest and of that part. */
const MODALITIES = [
  { whole: "inputAudio", part: "cacheReadAudio", fresh: "input_audio", cached: "cache_read_audio" },
  { whole: "inputImage", part: "cacheReadImage", fresh: "input_image", cached: "cache_read_image" },
  { whole: "inputVideo", part: "cacheReadVideo", fresh: "input_video", cached: "cache_read_video" },
] as const;

/** Fills the input buckets; true when the parts turned out to be apart. */
function fillInput(buckets: { [b in UsageBucket]?: number | undefined }, counts: TokenCounts, apart: boolean): boolean {
  const { input, cacheRead, cacheWrite, cacheWriteHour } = counts;
  let read = cacheRead ?? 0;
  let modal = 0;
  for (const { whole, part, fresh, cached } of MODALITIES) {
    const all = counts[whole];
    const again = Math.min(counts[part] ?? 0, read, all ?? Infinity);
    read -= again;
    if (again > 0) buckets[cached] = again;
    buckets[fresh] = all === undefined ? undefined : all - again;
    modal += buckets[fresh] ?? 0;
  }
  buckets.cache_read = cacheRead === undefined ? undefined : read;
  const hour = cacheWriteHour ?? 0;
  const written = cacheWrite === undefined ? undefined : Math.max(cacheWrite, hour);
  buckets.cache_write = written === undefined ? undefined : written - hour;
  buckets.cache_write_1h = cacheWriteHour;
  if (input === undefined) return false;
  const cached = (cacheRead ?? 0) + (written ?? hour);
  const rest = input - modal - (apart ? 0 : cached);
  if (rest >= 0) {
    buckets.input = rest;
    return false;
  }
  buckets.input = input >= modal ? input - modal : input;
  return true;
}

/** Fills the output buckets; true when the parts turned out to be apart. */
function fillOutput(
  buckets: { [b in UsageBucket]?: number | undefined },
  counts: TokenCounts,
  apart: boolean,
): boolean {
  const { output, reasoning, outputAudio, outputImage, outputVideo } = counts;
  buckets.reasoning = reasoning;
  buckets.output_audio = outputAudio;
  buckets.output_image = outputImage;
  buckets.output_video = outputVideo;
  if (output === undefined) return false;
  const modal = (outputAudio ?? 0) + (outputImage ?? 0) + (outputVideo ?? 0);
  const rest = output - modal - (apart ? 0 : (reasoning ?? 0));
  if (rest >= 0) {
    buckets.output = rest;
    return false;
  }
  buckets.output = output >= modal ? output - modal : output;
  return true;
}
