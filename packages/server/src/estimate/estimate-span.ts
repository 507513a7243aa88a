import type { AttributeValue, CostLine, Span } from "@telltale/model";
import { type CustomPrices, nanosOfLines } from "@telltale/rules";
import { BILLED_KINDS, costOfSpan } from "../price/cost-of-span.ts";
import { contentTokens, toldCountable } from "./content-tokens.ts";
import { countingHere, type Tokenizers } from "./count-tokens.ts";

/** Characters of a side that are counted while telemetry comes in, the rest in proportion: 1 ms for prose, 11 for a run without blanks. */
const MOST_COUNTED = 20_000;

/**
 * What an estimate says, as attributes of its span: tokens of each side, their cost in nano-dollars where there is a price,
 * and by what they were counted. Sides are apart, for a call may be told in parts.
 */
export const ESTIMATED = {
  counting: "telltale.estimated.counting",
  input: "telltale.estimated.input_tokens",
  output: "telltale.estimated.output_tokens",
  inputNanos: "telltale.estimated.input_cost_nanos",
  outputNanos: "telltale.estimated.output_cost_nanos",
} as const;

/** A call of which nobody told the tokens, with about how many they are among its attributes; every other span as it is. */
export function estimateSpan(span: Span, tokenizers: Tokenizers, prices: CustomPrices | undefined): Span {
  if (span.usage.length > 0 || !BILLED_KINDS.includes(span.kind) || span.cost?.nanos !== undefined) return span;
  const counting = countingHere(span.responseModel ?? span.requestModel ?? "", tokenizers);
  const tokensOf = (side: "input" | "output"): number | undefined => {
    const content = toldCountable(span[side]);
    if (content === undefined) return undefined;
    return contentTokens(content, side, { counting, tokenizers, most: MOST_COUNTED });
  };
  const input = tokensOf("input");
  const output = tokensOf("output");
  if (input === undefined && output === undefined) return span;
  const buckets = { ...(input === undefined ? {} : { input }), ...(output === undefined ? {} : { output }) };
  const cost = costOfSpan({ ...span, usage: [{ buckets, quality: "estimated" }] }, prices);
  const nanos = (isSide: (line: CostLine) => boolean): number | undefined =>
    cost?.nanos === undefined ? undefined : Number(nanosOfLines(cost.lines.filter(isSide)));
  const isInput = ({ bucket }: CostLine): boolean => bucket === "input";
  const told: readonly (readonly [string, AttributeValue | undefined])[] = [
    [ESTIMATED.counting, counting],
    [ESTIMATED.input, input],
    [ESTIMATED.output, output],
    [ESTIMATED.inputNanos, input === undefined ? undefined : nanos(isInput)],
    [ESTIMATED.outputNanos, output === undefined ? undefined : nanos((line) => !isInput(line))],
  ];
  const attributes = new Map(span.attributes);
  for (const [key, value] of told) if (value !== undefined) attributes.set(key, value);
  return { ...span, attributes };
}
