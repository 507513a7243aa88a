import type { UsageBucket, UsageLine } from "@telltale/model";
import type { AttributeValue } from "../attribute-value.ts";
import { pricedSpan, usageOfSpan } from "../cost/cost-of-span.ts";
import type { SpanRecord } from "../span/span-record.ts";

/** Kinds that stand for one call of a provider. */
const CALL_KINDS = new Set<AttributeValue | undefined>(["llm", "embedding", "rerank"]);

// The server's sums are over the same kinds of token.
const CACHE_READ: readonly UsageBucket[] = ["cache_read", "cache_read_audio", "cache_read_image", "cache_read_video"];
const CACHE_WRITE: readonly UsageBucket[] = ["cache_write", "cache_write_1h"];
const INPUT: readonly UsageBucket[] = [
  "input",
  ...CACHE_READ,
  ...CACHE_WRITE,
  "input_audio",
  "input_image",
  "input_video",
];
const OUTPUT: readonly UsageBucket[] = ["output", "reasoning", "output_audio", "output_image", "output_video"];

/** Tokens of a call as the server's spend counts them. */
export interface CallTokens {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly reasoning: number;
}

/** One call of a provider as the bill sees it. */
export interface BilledCall {
  readonly provider: string;
  readonly model: string;
  readonly agent: string;
  /** Undefined where nobody knows the price, and never 0 then. */
  readonly nanos: bigint | undefined;
  /** Whether that is all of it: not where only the input or only the output was told. */
  readonly isWhole: boolean;
  readonly tokens: CallTokens;
}

/** Whether the span stands for a call. */
export function isCall(span: SpanRecord): boolean {
  return CALL_KINDS.has(span.attributes.get("telltale.span.kind"));
}

/**
 * What the call of a completed span is billed for; undefined where the server bills nothing: a
 * failed call that told no usage and no answer.
 */
export function billedCall(span: SpanRecord): BilledCall | undefined {
  const { attributes } = span;
  const usage = usageOfSpan(span);
  if (usage === undefined && span.failed && !attributes.has("gen_ai.response.id")) return undefined;
  const sum = (buckets: readonly UsageBucket[]): number => sumOf(usage ?? [], buckets);
  const cost = pricedSpan(span);
  return {
    provider: textOf(attributes.get("gen_ai.provider.name")),
    model: textOf(attributes.get("gen_ai.response.model")) || textOf(attributes.get("gen_ai.request.model")),
    agent: textOf(attributes.get("gen_ai.agent.name")),
    nanos: cost?.nanos,
    isWhole: cost?.nanos !== undefined && cost.reason === undefined,
    tokens: {
      input: sum(INPUT),
      output: sum(OUTPUT),
      cacheRead: sum(CACHE_READ),
      cacheWrite: sum(CACHE_WRITE),
      reasoning: sum(["reasoning"]),
    },
  };
}

function sumOf(lines: readonly UsageLine[], buckets: readonly UsageBucket[]): number {
  let sum = 0;
  for (const line of lines) for (const bucket of buckets) sum += line.buckets[bucket] ?? 0;
  return sum;
}

/** The text of an attribute; empty for anything else. */
export function textOf(value: AttributeValue | undefined): string {
  return typeof value === "string" ? value : Buffer.isBuffer(value) ? value.toString("utf8") : "";
}
