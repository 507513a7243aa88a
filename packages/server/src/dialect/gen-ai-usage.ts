import type { Attributes, UsageLine } from "@telltale/model";
import { countAt, firstCount } from "./attribute-readers.ts";
import type { CountingConvention } from "./usage.ts";
import { usageLine } from "./usage.ts";

const USAGE = "gen_ai.usage.";
/** The conventions' names of all generations (§1.2), newest first, and those met in the wild. */
const INPUT = ["input_tokens", "prompt_tokens"].map((key) => USAGE + key);
const OUTPUT = ["output_tokens", "completion_tokens"].map((key) => USAGE + key);
const CACHE_READ = [
  "cache_read.input_tokens",
  "cache_read_input_tokens",
  "prompt_tokens_details.cached_tokens",
  "details.cached_tokens",
  "details.cache_read_input_tokens",
].map((key) => USAGE + key);
const CACHE_WRITE = [
  "cache_write.input_tokens",
  "cache_creation.input_tokens",
  "cache_creation_input_tokens",
  "cache_write_input_tokens",
].map((key) => USAGE + key);
const CACHE_WRITE_HOUR = [
  "gen_ai.usage.cache_creation.1h_input_tokens",
  "gen_ai.usage.cache_creation.1h.input_tokens",
  "anthropic.usage.cache_creation.ephemeral_1h_input_tokens",
];
const REASONING = [
  "reasoning.output_tokens",
  "reasoning_tokens",
  "completion_tokens_details.reasoning_tokens",
  "details.reasoning_tokens",
].map((key) => USAGE + key);
const INPUT_AUDIO = ["audio.input_tokens", "audio_input_tokens"].map((key) => USAGE + key);
const OUTPUT_AUDIO = ["audio.output_tokens", "audio_output_tokens"].map((key) => USAGE + key);

/** Usage told by `gen_ai.usage.*`; nothing is read where neither input nor output is told. */
export function genAiUsage(attributes: Attributes, convention?: CountingConvention): readonly UsageLine[] | undefined {
  const input = firstCount(attributes, INPUT);
  const output = firstCount(attributes, OUTPUT);
  if (input === undefined && output === undefined) return undefined;
  const line = usageLine(
    {
      input,
      output,
      cacheRead: firstCount(attributes, CACHE_READ),
      cacheWrite: firstCount(attributes, CACHE_WRITE),
      cacheWriteHour: firstCount(attributes, CACHE_WRITE_HOUR),
      reasoning: firstCount(attributes, REASONING),
      inputAudio: firstCount(attributes, INPUT_AUDIO),
      cacheReadAudio: countAt(attributes, "gen_ai.usage.audio.cache_read.input_tokens"),
      inputImage: countAt(attributes, "gen_ai.usage.image.input_tokens"),
      outputAudio: firstCount(attributes, OUTPUT_AUDIO),
      outputImage: countAt(attributes, "gen_ai.usage.image.output_tokens"),
    },
    convention,
  );
  return line && [line];
}
