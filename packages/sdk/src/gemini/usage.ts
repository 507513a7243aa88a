import type { AttributeMap } from "../attribute-value.ts";
import { listField, recordOf, textField } from "../json/read-json.ts";
import { countField, setTokenCounts, sumOf } from "../reading/token-counts.ts";

/** Kinds of input that are priced like pictures: pages of a document are read as such. */
const PICTURES = ["IMAGE", "DOCUMENT"];

/**
 * Writes `usageMetadata`. Google counts thoughts apart from the candidates and the results of its
 * own tools apart from the prompt, which the conventions count in; cached tokens are in both.
 */
export function setGeminiUsage(attributes: AttributeMap, usage: unknown): void {
  if (recordOf(usage) === undefined) return;
  const reasoning = countField(usage, "thoughtsTokenCount");
  const pictures = tokensOf(usage, ["promptTokensDetails", "toolUsePromptTokensDetails"], PICTURES);
  // A cached picture is counted as cached and not again as a picture.
  const fresh =
    pictures === undefined ? undefined : pictures - (tokensOf(usage, ["cacheTokensDetails"], PICTURES) ?? 0);
  setTokenCounts(attributes, {
    input: sumOf(countField(usage, "promptTokenCount"), countField(usage, "toolUsePromptTokenCount")),
    output: sumOf(countField(usage, "candidatesTokenCount"), reasoning),
    reasoning,
    cacheRead: countField(usage, "cachedContentTokenCount"),
    inputAudio: tokensOf(usage, ["promptTokensDetails", "toolUsePromptTokensDetails"], ["AUDIO"]),
    cacheReadAudio: tokensOf(usage, ["cacheTokensDetails"], ["AUDIO"]),
    inputImage: fresh === undefined ? undefined : Math.max(0, fresh),
    outputAudio: tokensOf(usage, ["candidatesTokensDetails"], ["AUDIO"]),
    outputImage: tokensOf(usage, ["candidatesTokensDetails"], ["IMAGE"]),
  });
  const tier = textField(usage, "serviceTier") ?? TRAFFIC.get(textField(usage, "trafficType") ?? "");
  if (tier !== undefined) attributes.set("gen_ai.response.service_tier", tier);
}

/** Vertex AI's names of what it calls a tier elsewhere. */
const TRAFFIC: ReadonlyMap<string, string> = new Map([
  ["ON_DEMAND", "standard"],
  ["ON_DEMAND_PRIORITY", "priority"],
  ["ON_DEMAND_FLEX", "flex"],
  ["PROVISIONED_THROUGHPUT", "provisioned"],
]);

function tokensOf(usage: unknown, lists: readonly string[], modalities: readonly string[]): number | undefined {
  const details = lists.flatMap((name) => listField(usage, name));
  const mine = details.filter((detail) => modalities.includes(textField(detail, "modality") ?? ""));
  return sumOf(...mine.map((detail) => countField(detail, "tokenCount")));
}
