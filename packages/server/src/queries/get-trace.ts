import * as z from "zod";
import type { TraceSkeleton, TraceSummary } from "../api-types.ts";
import { type Query, QueryError, type Reader, WrittenAnswer } from "../query.ts";
import { findTraces } from "../query/found-trace.ts";
import { projectField, traceIdField } from "../query/id-fields.ts";
import { ONE_PLACE } from "../query/read-hints.ts";
import { runTotalsSchema } from "../query/run-totals.ts";
import { TIED, type TracesToJoin, tracesToJoin } from "../query/skeleton-join.ts";
import { MOST_TRACES } from "../query/tied-run.ts";
import { traceSummarySchema } from "../query/trace-summary.ts";
import { skeletonColumns, writeSkeleton } from "../query/trace-skeleton.ts";

/** Spans of one skeleton at most: about 60 MB of JSON, as much as a page takes in at once. */
const MAX_SPANS = 250_000;

const numbers = z.array(z.number());
const knownNumbers = z.array(z.number().nullable());
interface Input {
  readonly traceId: string;
  readonly project?: string | undefined;
  readonly join?: string | undefined;
}

const input: z.ZodType<Input> = z.strictObject({
  traceId: traceIdField,
  project: projectField,
  join: z
    .string()
    .regex(
      new RegExp(`^(${TIED}|[0-9a-fA-F]{32}(,[0-9a-fA-F]{32}){0,${MOST_TRACES - 1}})$`),
      `join is "${TIED}", or at most ${MOST_TRACES} trace ids with commas between`,
    )
    .optional()
    .meta({
      description: `Other traces to come in one tree with it: \`${TIED}\` for those that ids tie to it, or their ids with commas between`,
    }),
});

const output: z.ZodType<TraceSkeleton> = z.object({
  summary: traceSummarySchema,
  origin: z.number(),
  strings: z.array(z.string()),
  spanId: z.array(z.string()),
  parent: numbers,
  name: numbers,
  kind: numbers,
  serviceName: numbers,
  start: numbers,
  duration: knownNumbers,
  status: numbers,
  model: numbers,
  agentName: numbers,
  toolName: numbers,
  inputTokens: knownNumbers,
  outputTokens: knownNumbers,
  costNanos: z.array(z.string().nullable()),
  isLowerBound: numbers.meta({ description: "1 where the cost is a lower bound, for part of the usage was not told" }),
  billing: numbers,
  inputPreview: numbers,
  outputPreview: numbers,
  total: z.int(),
  joined: z
    .object({
      traces: z.array(traceSummarySchema),
      trace: numbers,
      hung: z.array(
        z.object({ span: z.int(), tie: z.enum(["parent", "child", "link", "answer", "toolCall", "time"]) }),
      ),
      together: runTotalsSchema,
      leftOut: z.int(),
      more: z.boolean(),
    })
    .nullable(),
});

/** One trace as parallel columns, without the content of its spans; alone, or in one tree with others of its run. */
export const getTrace: Query<Input, TraceSkeleton> = {
  name: "get-trace",
  summary:
    "One trace, all its spans as parallel columns, without their content; joined with others of its run when asked",
  method: "GET",
  path: "/traces/:traceId",
  input,
  output,
  async run({ traceId, project, join: asked }, reader) {
    const [own] = await findTraces([traceId], project, reader);
    if (!own)
      throw new QueryError(
        404,
        "unknown-trace",
        `there is no trace ${traceId}`,
        "it may have been deleted, or not arrived yet",
      );
    const joined = asked === undefined ? undefined : await tracesToJoin(own, asked, reader);
    return new WrittenAnswer(await readSkeleton(own.summary, joined ?? { found: [own] }, reader));
  },
};

async function readSkeleton(
  summary: TraceSummary,
  { found, join }: Pick<TracesToJoin, "found"> & Partial<TracesToJoin>,
  reader: Reader,
): Promise<Uint8Array[]> {
  const { startTime, spanCount, unpricedCalls } = join?.together ?? summary;
  const parameters = {
    traceIds: found.map((trace) => trace.summary.traceId),
    project: summary.project,
    origin: BigInt(Math.round(startTime * 1000)) * 1000n,
    firstHour: Math.min(...found.map(({ firstHour }) => firstHour)),
    lastHour: Math.max(...found.map(({ lastHour }) => lastHour)),
    most: MAX_SPANS,
  };
  const columns = skeletonColumns({ isJoined: join !== undefined, hasUnpriced: unpricedCalls > 0 });
  const read = async (hours: string): ReturnType<typeof writeSkeleton> => {
    const sql = skeletonSql(columns, hours);
    const answer = await reader.bytes(sql, parameters, { format: "JSONCompactColumns" });
    return writeSkeleton({ answer, summary, origin: startTime, join });
  };
  const near = "hour >= toDateTime({firstHour:UInt32}, 'UTC') AND hour <= toDateTime({lastHour:UInt32}, 'UTC')";
  const bounded = await read(near);
  // Spans of a clock that is off by days are filed under their arrival; then look everywhere.
  if (bounded.spans >= Math.min(spanCount, MAX_SPANS)) return bounded.pieces;
  return (await read("1")).pieces;
}

/** A span comes once even while a correction is half stored: its newest version wins. */
function skeletonSql(columns: string, hours: string): string {
  return `SELECT ${columns} FROM (
      SELECT * FROM telltale_data.span_rows
      WHERE project = {project:String} AND ${hours} AND trace_id IN {traceIds:Array(String)}
        AND row NOT IN (SELECT row FROM telltale_data.superseded)
      ORDER BY row DESC LIMIT 1 BY trace_id, span_id
    ) ORDER BY start_time, row LIMIT {most:UInt32} ${ONE_PLACE}`;
}
