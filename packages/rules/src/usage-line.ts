import type { UsageBucket, UsageLine } from "@telltale/model";

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
  readonly outputAudio?: number | undefined;
  readonly outputImage?: number | undefined;
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
 * `undefined` when no number was told.
 */
export function usageLine(counts: TokenCounts, convention: CountingConvention = {}): UsageLine | undefined {
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
  if (!told) return undefined;
  const quality = convention.estimated ? "estimated" : inferredInput || inferredOutput ? "inferred" : "reported";
  return convention.model === undefined ? { buckets, quality } : { model: convention.model, buckets, quality };
}

/** Fills the input buckets; true when the parts turned out to be apart. */
function fillInput(buckets: { [b in UsageBucket]?: number | undefined }, counts: TokenCounts, apart: boolean): boolean {
  const { input, cacheRead, cacheWrite, cacheWriteHour, inputImage } = counts;
  const audioRead = Math.min(counts.cacheReadAudio ?? 0, cacheRead ?? 0, counts.inputAudio ?? Infinity);
  const audio = counts.inputAudio === undefined ? undefined : counts.inputAudio - audioRead;
  buckets.cache_read = cacheRead === undefined ? undefined : cacheRead - audioRead;
  if (audioRead > 0) buckets.cache_read_audio = audioRead;
  buckets.input_audio = audio;
  buckets.input_image = inputImage;
  const hour = cacheWriteHour ?? 0;
  const written = cacheWrite === undefined ? undefined : Math.max(cacheWrite, hour);
  buckets.cache_write = written === undefined ? undefined : written - hour;
  buckets.cache_write_1h = cacheWriteHour;
  if (input === undefined) return false;
  const modal = (audio ?? 0) + (inputImage ?? 0);
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
  const { output, reasoning, outputAudio, outputImage } = counts;
  buckets.reasoning = reasoning;
  buckets.output_audio = outputAudio;
  buckets.output_image = outputImage;
  if (output === undefined) return false;
  const modal = (outputAudio ?? 0) + (outputImage ?? 0);
  const rest = output - modal - (apart ? 0 : (reasoning ?? 0));
  if (rest >= 0) {
    buckets.output = rest;
    return false;
  }
  buckets.output = output >= modal ? output - modal : output;
  return true;
}
