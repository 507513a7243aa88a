import * as z from "zod";
import type { RelatedTraces } from "../api-types.ts";
import type { Query } from "../query.ts";
import { findTraces } from "../query/found-trace.ts";
import { projectField, traceIdField } from "../query/id-fields.ts";
import { runTotalsSchema, totalsOf } from "../query/run-totals.ts";
import { MOST_TRACES, tiedRun } from "../query/tied-run.ts";
import { traceSummarySchema } from "../query/trace-summary.ts";
import { type SpanTies, tracesWithin } from "../query/trace-ties.ts";

/** Libraries that make a trace of each step where no span of another is around it, and put into none what joins them. */
const SPLITTERS = new Set(["@traceloop/instrumentation-langchain"]);

interface Input {
  readonly traceId: string;
  readonly project?: string | undefined;
}

const input: z.ZodType<Input> = z.strictObject({ traceId: traceIdField, project: projectField });

const output: z.ZodType<RelatedTraces> = z.object({
  related: z.array(
    z.object({
      trace: traceSummarySchema,
      ties: z.array(z.enum(["parent", "child", "link", "answer", "toolCall", "time"])),
    }),
  ),
  together: runTotalsSchema,
  more: z.boolean().meta({ description: "Whether there may be others that were not looked at" }),
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
    const [own] = await findTraces([traceId], asked, reader);
    if (!own) return { related: [], together: totalsOf([]), more: false, splitBy: null };
    const { project } = own.summary;
    const { spans, ties, more } = await tiedRun(traceId, project, reader);
    const root = lonelyRoot(spans);
    const near = root ? await tracesWithin(root, project, reader) : [];
    for (const id of near) if (!ties.has(id)) ties.set(id, new Set(["time"]));
    const found = await findTraces([...ties.keys()].slice(0, MOST_TRACES), project, reader);
    const related = found
      .map(({ summary }) => ({ trace: summary, ties: [...(ties.get(summary.traceId) ?? [])] }))
      .toSorted((a, b) => a.trace.startTime - b.trace.startTime);
    const sure = related.filter((one) => !one.ties.includes("time")).map(({ trace }) => trace);
    return {
      related,
      together: totalsOf([own.summary, ...sure]),
      more: more || ties.size > MOST_TRACES,
      splitBy: root?.scopeName ?? null,
    };
  },
};

/** The only span of a trace, where its library is one that splits. */
function lonelyRoot(spans: readonly SpanTies[]): SpanTies | undefined {
  const [root, ...others] = spans;
  return root && others.length === 0 && root.parentSpanId === "" && SPLITTERS.has(root.scopeName) ? root : undefined;
}
