import type { TokenCounts } from "@telltale/rules/cost";
import type { AttributeMap } from "../attribute-value.ts";
import { numberField } from "../json/read-json.ts";

const NAMES: readonly (readonly [keyof TokenCounts, string])[] = [
  ["input", "gen_ai.usage.input_tokens"],
  ["output", "gen_ai.usage.output_tokens"],
  ["cacheRead", "gen_ai.usage.cache_read.input_tokens"],
  ["cacheWrite", "gen_ai.usage.cache_write.input_tokens"],
  ["cacheWriteHour", "telltale.usage.cache_write_1h.input_tokens"],
  ["reasoning", "gen_ai.usage.reasoning.output_tokens"],
  ["inputAudio", "gen_ai.usage.audio.input_tokens"],
  ["cacheReadAudio", "gen_ai.usage.audio.cache_read.input_tokens"],
  ["inputImage", "gen_ai.usage.image.input_tokens"],
  ["outputAudio", "gen_ai.usage.audio.output_tokens"],
  ["outputImage", "gen_ai.usage.image.output_tokens"],
];

const NAME_OF: ReadonlyMap<string, string> = new Map(NAMES);

/** A count of tokens in a field: a whole number that is not negative. */
export function countField(value: unknown, name: string): number | undefined {
  const count = numberField(value, name);
  return count !== undefined && Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}

/** The sum of what was told; undefined when nothing was. */
export function sumOf(...counts: readonly (number | undefined)[]): number | undefined {
  return counts.reduce((sum, count) => (count === undefined ? sum : (sum ?? 0) + count), undefined);
}

/** Writes the counts that were told. */
export function setTokenCounts(attributes: AttributeMap, counts: TokenCounts): void {
  // Two or three were told of a dozen.
  for (const [key, count] of Object.entries(counts)) {
    const name = NAME_OF.get(key);
    if (name !== undefined && count !== undefined) attributes.set(name, count);
  }
}

/** The counts of several steps of one call together. */
export function addTokenCounts(first: TokenCounts, second: TokenCounts): TokenCounts {
  return Object.fromEntries(NAMES.map(([key]) => [key, sumOf(first[key], second[key])]));
}

/** Tokens of one model where a call is billed under several. */
export interface ModelTokens {
  readonly model: string;
  readonly counts: TokenCounts;
}

/**
 * Writes how many tokens each model of a call is billed for, as JSON: a list of objects with `model`
 * and the counts under their names of `gen_ai.usage.*`, prefix left out.
 */
export function setModelTokens(attributes: AttributeMap, models: readonly ModelTokens[]): void {
  const lines = models.map(({ model, counts }) => {
    const line: Record<string, string | number> = { model };
    for (const [key, name] of NAMES) {
      const count = counts[key];
      if (count !== undefined) line[name.slice(name.indexOf(".usage.") + ".usage.".length)] = count;
    }
    return line;
  });
  attributes.set("telltale.usage.models", JSON.stringify(lines));
}
