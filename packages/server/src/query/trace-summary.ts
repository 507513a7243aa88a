import * as z from "zod";
import type { TraceSummary } from "../api-types.ts";
import type { Row } from "../query.ts";
import { decimalOf, knownNumberOf, numberOf, textOf, textsOf } from "./row-value.ts";

/** What {@link summaryOf} reads of `trace_summaries`. Times in milliseconds with a fraction. */
export const SUMMARY_COLUMNS: string = `trace_id, project, root_name, root_kind, service_name,
  intDiv(toUnixTimestamp64Nano(start_time), 1000) / 1000 AS start_ms,
  intDiv(greatest(toUnixTimestamp64Nano(end_time) - toUnixTimestamp64Nano(start_time), 0), 1000) / 1000 AS duration_ms,
  status, span_count, llm_calls, tool_calls, error_count, input_tokens, output_tokens,
  toString(cost_nanos) AS cost, unpriced_calls, models, agents, tags, session_id, user_id,
  input_preview, output_preview`;

/** The summary in a row of {@link SUMMARY_COLUMNS}. */
export function summaryOf(row: Row): TraceSummary {
  const status = textOf(row, "status");
  return {
    traceId: textOf(row, "trace_id"),
    project: textOf(row, "project"),
    rootName: textOf(row, "root_name"),
    rootKind: textOf(row, "root_kind"),
    serviceName: textOf(row, "service_name"),
    startTime: numberOf(row, "start_ms"),
    durationMs: numberOf(row, "duration_ms"),
    status: status === "error" || status === "ok" ? status : "unset",
    spanCount: numberOf(row, "span_count"),
    llmCalls: numberOf(row, "llm_calls"),
    toolCalls: numberOf(row, "tool_calls"),
    errorCount: numberOf(row, "error_count"),
    inputTokens: knownNumberOf(row, "input_tokens"),
    outputTokens: knownNumberOf(row, "output_tokens"),
    costNanos: decimalOf(row, "cost"),
    unpricedCalls: numberOf(row, "unpriced_calls"),
    models: textsOf(row, "models"),
    agents: textsOf(row, "agents"),
    tags: textsOf(row, "tags"),
    sessionId: textOf(row, "session_id"),
    userId: textOf(row, "user_id"),
    inputPreview: textOf(row, "input_preview"),
    outputPreview: textOf(row, "output_preview"),
  };
}

const count = z.int().nonnegative();

/** Describes a summary. */
export const traceSummarySchema: z.ZodType<TraceSummary> = z.object({
  traceId: z.string(),
  project: z.string(),
  rootName: z.string(),
  rootKind: z.string(),
  serviceName: z.string(),
  startTime: z.number().meta({ description: "Milliseconds since 1970, with a fraction" }),
  durationMs: z.number(),
  status: z.enum(["unset", "ok", "error"]),
  spanCount: count,
  llmCalls: count,
  toolCalls: count,
  errorCount: count,
  inputTokens: count.nullable(),
  outputTokens: count.nullable(),
  costNanos: z.string().nullable().meta({ description: "Nano-dollars as decimal text; null when unknown" }),
  unpricedCalls: count.meta({ description: "Billed calls without a known price: the cost is a lower bound" }),
  models: z.array(z.string()),
  agents: z.array(z.string()),
  tags: z.array(z.string()),
  sessionId: z.string(),
  userId: z.string(),
  inputPreview: z.string(),
  outputPreview: z.string(),
});
