import * as z from "zod";
import type { EstimatedShare } from "../api-types.ts";
import type { Row } from "../query.ts";
import { NOT_WHOLLY_PRICED } from "./lower-bound.ts";
import { decimalOf, numberOf } from "./row-value.ts";

/** Describes an {@link EstimatedShare}. */
export const estimatedShare: z.ZodType<EstimatedShare> = z.object({
  calls: z.int(),
  inputTokens: z.int(),
  outputTokens: z.int(),
  nanos: z.string(),
  unpricedCalls: z.int(),
});

/** Calls with an estimate beside what is known of them, and calls that are known by an estimate of their sender. */
export function estimatesSql(where: string): string {
  const told = (name: string): string => `attributes.telltale.estimated.${name}.:Int64`;
  const sums = (
    as: string,
    is: string,
    columns: Readonly<Record<"input" | "output" | "nanos" | "unpriced", string>>,
  ): string =>
    `toString(countIf(${is})) AS ${as}_calls, toString(ifNull(sumIf(${columns.input}, ${is}), 0)) AS ${as}_input,
      toString(ifNull(sumIf(${columns.output}, ${is}), 0)) AS ${as}_output, toString(ifNull(sumIf(${columns.nanos}, ${is}), 0)) AS ${as}_nanos,
      toString(countIf(${is} AND ${columns.unpriced})) AS ${as}_unpriced`;
  const nanos = "if(own_in IS NULL AND own_out IS NULL, NULL, ifNull(own_in, 0) + ifNull(own_out, 0))";
  const unpriced = `(${nanos}) IS NULL`;
  const own = "usage = '' AND (tokens_in IS NOT NULL OR tokens_out IS NOT NULL)";
  const sender = `usage LIKE '%"quality":"estimated"%'`;
  const ofSender = { input: "input_tokens", output: "output_tokens", nanos: "cost_nanos", unpriced: NOT_WHOLLY_PRICED };
  return `SELECT ${sums("own", own, { input: "tokens_in", output: "tokens_out", nanos, unpriced })},
      ${sums("sender", sender, ofSender)}
    FROM (
      SELECT usage, input_tokens, output_tokens, cost, cost_nanos, ${told("input_tokens")} AS tokens_in,
        ${told("output_tokens")} AS tokens_out, ${told("input_cost_nanos")} AS own_in, ${told("output_cost_nanos")} AS own_out
      FROM telltale_data.span_rows
      WHERE ${where} AND (usage = '' OR ${sender})
    )`;
}

/** One of the two in a row of {@link estimatesSql}; null where there are no such calls. */
export function shareOf(row: Row | undefined, name: "own" | "sender"): EstimatedShare | null {
  if (row === undefined || numberOf(row, `${name}_calls`) === 0) return null;
  return {
    calls: numberOf(row, `${name}_calls`),
    inputTokens: numberOf(row, `${name}_input`),
    outputTokens: numberOf(row, `${name}_output`),
    nanos: decimalOf(row, `${name}_nanos`) ?? "0",
    unpricedCalls: numberOf(row, `${name}_unpriced`),
  };
}
