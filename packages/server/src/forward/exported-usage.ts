import { isDeepStrictEqual } from "node:util";
import { type UsageLine, bucketTokens, inputTokens, outputTokens, usageLineSchema } from "@telltale/model";
import type { Attributes, AttributeValue } from "@telltale/model";
import { genAiUsage } from "@telltale/rules";
import { firstCount, textAt } from "../dialect/attribute-readers.ts";
import { isArray, parseJson } from "../dialect/json-of.ts";
import { USAGE_LINES } from "./exported-keys.ts";

/** More lines than this are not one answer's. */
const MOST_LINES = 100;
const MODALITIES = ["audio", "image", "video"] as const;

/** Usage by the conventions' names, in which parts are inside their totals; our lines beside them where those say less. */
export function usageAttributes(lines: readonly UsageLine[]): ReadonlyMap<string, AttributeValue> {
  const told = new Map<string, AttributeValue>();
  if (lines.length === 0) return told;
  const tell = (key: string, count: number | undefined): void => {
    if (count !== undefined) told.set(key, count);
  };
  tell("gen_ai.usage.input_tokens", inputTokens(lines));
  tell("gen_ai.usage.output_tokens", outputTokens(lines));
  tell(
    "gen_ai.usage.cache_read.input_tokens",
    bucketTokens(lines, "cache_read", "cache_read_audio", "cache_read_image", "cache_read_video"),
  );
  tell("gen_ai.usage.cache_write.input_tokens", bucketTokens(lines, "cache_write", "cache_write_1h"));
  tell("telltale.usage.cache_write_1h.input_tokens", bucketTokens(lines, "cache_write_1h"));
  tell("gen_ai.usage.reasoning.output_tokens", bucketTokens(lines, "reasoning"));
  for (const modality of MODALITIES) {
    tell(`gen_ai.usage.${modality}.input_tokens`, bucketTokens(lines, `input_${modality}`, `cache_read_${modality}`));
    tell(`gen_ai.usage.${modality}.cache_read.input_tokens`, bucketTokens(lines, `cache_read_${modality}`));
    tell(`gen_ai.usage.${modality}.output_tokens`, bucketTokens(lines, `output_${modality}`));
  }
  for (const [unit, key] of UNIT_KEYS) tell(key, unitsOf(lines, unit));
  if (!isDeepStrictEqual(usageTold(told), lines)) told.set(USAGE_LINES, JSON.stringify(lines));
  return told;
}

const UNIT_KEYS = [
  ["web_search", "telltale.usage.web_search.requests"],
  ["file_search", "telltale.usage.server_tool_calls.file_search"],
  ["rerank_search", "telltale.usage.search_units"],
  ["audio_second", "telltale.usage.audio.input_seconds"],
] as const;

function unitsOf(lines: readonly UsageLine[], unit: (typeof UNIT_KEYS)[number][0]): number | undefined {
  let sum: number | undefined;
  for (const { units } of lines) if (units?.[unit] !== undefined) sum = (sum ?? 0) + units[unit];
  return sum;
}

/** The usage that {@link usageAttributes} told. */
export function usageTold(told: Attributes): readonly UsageLine[] {
  const lines = parseJson(textAt(told, USAGE_LINES) ?? "");
  if (isArray(lines))
    return lines.slice(0, MOST_LINES).flatMap((line) => {
      const read = usageLineSchema.safeParse(line);
      return read.success ? [read.data] : [];
    });
  return genAiUsage((keys) => firstCount(told, keys)) ?? [];
}
