import * as z from "zod";
import type { RelatedTraces, TraceSummary, TraceTie } from "../api-types.ts";
import type { Query, Reader } from "../query.ts";
import { projectField, traceIdField } from "../query/id-fields.ts";
import { textOf } from "../query/row-value.ts";
import { SUMMARY_COLUMNS, summaryOf, traceSummarySchema } from "../query/trace-summary.ts";
import { type SpanTies, tiedTraces, tiesOf, tracesWithin } from "../query/trace-ties.ts";

/** Traces that are told; a run in more pieces is told by those found first. */
const MOST = 100;
/** A trace, the traces it names, the traces these name. */
const ROUNDS = 3;
/** Libraries that make a trace of each step where no span of another is around it, and put into none what joins them. */
const SPLITTERS = new Set(["@traceloop/instrumentation-langchain"]);

interface Input {
  readonly traceId: string;
  readonly project?: string | undefined;
}

const input: z.ZodType<Input> = z.strictObject({ traceId: traceIdField, project: projectField });

const count = z.int().nonnegative();
const output: z.ZodType<RelatedTraces> = z.object({
  related: z.array(
    z.object({
      trace: traceSummarySchema,
      ties: z.array(z.enum(["parent", "child", "link", "answer", "toolCall", "time"])),
    }),
  ),
  together: z.object({
    traces: count,
    llmCalls: count,
    toolCalls: count,
    unpricedCalls: count,
    inputTokens: count.nullable(),
    outputTokens: count.nullable(),
    costNanos: z.string().nullable(),
  }),
  splitBy: z.string().nullable(),
});

/** Other traces of the same run, where its sender split it. */
export const getRelatedTraces: Query<Input, RelatedTraces> = {
  name: "get-related-traces",
  summary:
    "Traces that belong with one, where a sender split a run: by which ids, or by time only; and all of them together",
  method: "GET",
  path: "/traces/:traceId/related",
  input,
  output,
  async run({ traceId, project: asked = "" }, reader) {
    const [own] = await summariesOf([traceId], asked, reader);
    if (!own) return { related: [], together: sumOf([]), splitBy: null };
    const { project } = own;
    const spans = await tiesOf([traceId], project, reader);
    const ties = await follow(spans, project, reader);
    const root = lonelyRoot(spans);
    const near = root ? await tracesWithin(root, project, reader) : [];
    for (const id of near) if (!ties.has(id)) ties.set(id, new Set(["time"]));
    const summaries = await summariesOf([...ties.keys()].slice(0, MOST), project, reader);
    const related = summaries
      .map((trace) => ({ trace, ties: [...(ties.get(trace.traceId) ?? [])] }))
      .toSorted((a, b) => a.trace.startTime - b.trace.startTime);
    const sure = related.filter((one) => !one.ties.includes("time")).map(({ trace }) => trace);
    return { related, together: sumOf([own, ...sure]), splitBy: root?.scopeName ?? null };
  },
};

/** All that the spans are tied to, and what that is tied to. */
async function follow(
  spans: readonly SpanTies[],
  project: string,
  reader: Reader,
): Promise<Map<string, Set<TraceTie>>> {
  const all = [...spans];
  const ties = new Map<string, Set<TraceTie>>();
  for (let round = 0; round < ROUNDS && ties.size < MOST && all.length > 0; round++) {
    const found = await tiedTraces(all, project, reader);
    if (found.size === 0) break;
    for (const [id, how] of found) ties.set(id, new Set(how));
    all.push(...(await tiesOf([...found.keys()].slice(0, MOST), project, reader)));
  }
  return ties;
}

/** The only span of a trace, where its library is one that splits. */
function lonelyRoot(spans: readonly SpanTies[]): SpanTies | undefined {
  const [root, ...others] = spans;
  return root && others.length === 0 && root.parentSpanId === "" && SPLITTERS.has(root.scopeName) ? root : undefined;
}

async function summariesOf(ids: readonly string[], project: string, reader: Reader): Promise<readonly TraceSummary[]> {
  if (ids.length === 0) return [];
  const rows = await reader.rows(
    `SELECT ${SUMMARY_COLUMNS} FROM telltale_data.trace_summaries
    WHERE trace_id IN {ids:Array(String)} AND {project:String} IN ('', project)
    ORDER BY row DESC LIMIT 1 BY trace_id`,
    { ids, project },
  );
  return rows.filter((row) => textOf(row, "trace_id") !== "").map(summaryOf);
}

/** Each call is billed in one trace only, so sums of sums are exact. What nobody knows of any is unknown. */
function sumOf(traces: readonly TraceSummary[]): RelatedTraces["together"] {
  const total = (of: (trace: TraceSummary) => number): number => traces.reduce((sum, trace) => sum + of(trace), 0);
  const known = (of: (trace: TraceSummary) => number | null): number | null =>
    traces.some((trace) => of(trace) !== null) ? total((trace) => of(trace) ?? 0) : null;
  const costs = traces.flatMap(({ costNanos }) => (costNanos === null ? [] : [BigInt(costNanos)]));
  return {
    traces: traces.length,
    llmCalls: total(({ llmCalls }) => llmCalls),
    toolCalls: total(({ toolCalls }) => toolCalls),
    unpricedCalls: total(({ unpricedCalls }) => unpricedCalls),
    inputTokens: known(({ inputTokens }) => inputTokens),
    outputTokens: known(({ outputTokens }) => outputTokens),
    costNanos: costs.length === 0 ? null : String(costs.reduce((sum, cost) => sum + cost, 0n)),
  };
}
