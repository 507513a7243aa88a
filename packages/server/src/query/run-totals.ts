import * as z from "zod";
import type { RunTotals, TraceSummary } from "../api-types.ts";

const count = z.int().nonnegative();

/** Describes the sums of a run. */
export const runTotalsSchema: z.ZodType<RunTotals> = z.object({
  traces: count,
  startTime: z.number().meta({ description: "Milliseconds since 1970, with a fraction" }),
  durationMs: z.number(),
  status: z.enum(["unset", "ok", "error"]),
  spanCount: count,
  llmCalls: count,
  toolCalls: count,
  errorCount: count,
  unpricedCalls: count,
  inputTokens: count.nullable(),
  outputTokens: count.nullable(),
  costNanos: z.string().nullable(),
});

/** Each call is billed in one trace only, so sums of sums are exact. What nobody knows of any is unknown. */
export function totalsOf(traces: readonly TraceSummary[]): RunTotals {
  const total = (of: (trace: TraceSummary) => number): number => traces.reduce((sum, trace) => sum + of(trace), 0);
  const known = (of: (trace: TraceSummary) => number | null): number | null =>
    traces.some((trace) => of(trace) !== null) ? total((trace) => of(trace) ?? 0) : null;
  const costs = traces.flatMap(({ costNanos }) => (costNanos === null ? [] : [BigInt(costNanos)]));
  const startTime = traces.reduce((first, trace) => Math.min(first, trace.startTime), traces[0]?.startTime ?? 0);
  const end = traces.reduce((last, trace) => Math.max(last, trace.startTime + trace.durationMs), startTime);
  return {
    traces: traces.length,
    startTime,
    durationMs: traces.length === 1 ? (traces[0]?.durationMs ?? 0) : Math.round((end - startTime) * 1000) / 1000,
    status: statusOf(traces),
    spanCount: total((trace) => trace.spanCount),
    llmCalls: total((trace) => trace.llmCalls),
    toolCalls: total((trace) => trace.toolCalls),
    errorCount: total((trace) => trace.errorCount),
    unpricedCalls: total((trace) => trace.unpricedCalls),
    inputTokens: known((trace) => trace.inputTokens),
    outputTokens: known((trace) => trace.outputTokens),
    costNanos: costs.length === 0 ? null : String(costs.reduce((sum, cost) => sum + cost, 0n)),
  };
}

/** As the trace that began first says: its root is the one that the others are below of. */
function statusOf(traces: readonly TraceSummary[]): RunTotals["status"] {
  const [first, ...others] = traces;
  if (!first) return "unset";
  return others.reduce((earliest, trace) => (trace.startTime < earliest.startTime ? trace : earliest), first).status;
}
