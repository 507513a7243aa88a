import { type CostReason, divideHalfEven, USAGE_BUCKETS, type UsageLine } from "@telltale/model";
import type { ApiCostLine, SpanDetail } from "@telltale/server/api-types";

/** Words for the buckets of the model package. */
const BUCKETS: ReadonlyMap<string, string> = new Map([
  ["input", "Input"],
  ["cache_read", "Cache read"],
  ["cache_write", "Cache write"],
  ["cache_write_1h", "Cache write, 1 hour"],
  ["input_audio", "Audio input"],
  ["cache_read_audio", "Audio cache read"],
  ["input_image", "Image input"],
  ["cache_read_image", "Image cache read"],
  ["input_video", "Video input"],
  ["cache_read_video", "Video cache read"],
  ["output", "Output"],
  ["reasoning", "Reasoning"],
  ["output_audio", "Audio output"],
  ["output_image", "Image output"],
  ["output_video", "Video output"],
  ["web_search", "Web search"],
  ["file_search", "File search"],
  ["code_execution", "Code execution"],
  ["rerank_search", "Rerank search"],
  ["page", "Page"],
  ["annotated_page", "Annotated page"],
  ["audio_second", "Second of audio"],
  ["request", "Request"],
  ["millisecond", "Millisecond of the machine"],
]);

/** A bucket in words. */
export function bucketLabel(bucket: string): string {
  return BUCKETS.get(bucket) ?? bucket;
}

/** What changed a price, in words: `batch tier, >200000 input tokens, contract 2026 ×0.85`. */
export function tierWords(tier: string): string {
  return tier
    .split(", ")
    .map((part) => (part.startsWith(">") || part.includes("×") ? part : `${part} tier`))
    .join(", ");
}

/** The amount of a line in nano-units, rounded as a sum would be: half to even. */
export function lineNanos(line: ApiCostLine): bigint {
  return divideHalfEven(BigInt(line.tokens) * BigInt(line.nanosPerMillion), 1_000_000n);
}

/** Tokens by bucket, of usage that has no price. */
export function usageRows(
  usage: readonly UsageLine[],
): { model: string; bucket: string; tokens: number; quality: string }[] {
  return usage.flatMap((line) =>
    USAGE_BUCKETS.flatMap((bucket) => {
      const tokens = line.buckets[bucket];
      if (tokens === undefined) return [];
      return [{ model: line.model ?? "", bucket: bucketLabel(bucket), tokens, quality: line.quality ?? "reported" }];
    }),
  );
}

/** Where a span stands in the totals, in a word and in a sentence. */
export function billingWords(billing: SpanDetail["billing"]): { word: string; sentence: string; isCounted: boolean } {
  switch (billing) {
    case "billed":
      return {
        word: "Counted in totals",
        sentence: "This call is part of the totals of its trace and of spend.",
        isCounted: true,
      };
    case "aggregate":
      return {
        word: "Aggregate of its children, not counted",
        sentence:
          "The calls below it carry the same usage. They are counted, and this sum is not, so nothing counts twice.",
        isCounted: false,
      };
    case "shadow":
      return {
        word: "Same call as another span, not counted",
        sentence: "Two layers of the program told of one call. The other span is counted.",
        isCounted: false,
      };
    case "none":
      return { word: "Nothing to bill", sentence: "This span told no usage of its own.", isCounted: false };
  }
}

/** Why there is no amount, or no more than a lower bound. */
export function reasonWords(reason: CostReason | undefined, model: string): string {
  switch (reason) {
    case "no-usage":
      return "Nobody told how many tokens were used, so the cost is unknown. It is not 0.";
    case "no-model":
      return "Nobody told which model answered, so the cost is unknown. It is not 0.";
    case "no-price":
      return `There is no price for ${model || "this model"}, so the cost is unknown. It is not 0.`;
    case "partial-usage":
      return "Only the input tokens or only the output tokens were told. It cost what those cost, and more.";
    case undefined:
      return "The cost is unknown. It is not 0.";
  }
}
