import * as z from "zod";
import type { TraceSkeleton, TraceSummary } from "../api-types.ts";
import { type Query, QueryError, type Reader, WrittenAnswer } from "../query.ts";
import { ONE_PLACE, ONE_THREAD } from "../query/read-hints.ts";
import { projectField, traceIdField } from "../query/id-fields.ts";
import { numberOf } from "../query/row-value.ts";
import { SUMMARY_COLUMNS, summaryOf, traceSummarySchema } from "../query/trace-summary.ts";
import { SKELETON_COLUMNS, writeSkeleton } from "../query/trace-skeleton.ts";

/** Spans of one skeleton at most: about 60 MB of JSON, as much as a page takes in at once. */
const MAX_SPANS = 250_000;

const numbers = z.array(z.number());
const knownNumbers = z.array(z.number().nullable());
interface Input {
  readonly traceId: string;
  readonly project?: string | undefined;
}

const input: z.ZodType<Input> = z.strictObject({ traceId: traceIdField, project: projectField });

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
  billing: numbers,
  inputPreview: numbers,
  outputPreview: numbers,
  total: z.int(),
});

/** One trace as parallel columns, without the content of its spans. */
export const getTrace: Query<Input, TraceSkeleton> = {
  name: "get-trace",
  summary: "One trace, all its spans as parallel columns, without their content",
  method: "GET",
  path: "/traces/:traceId",
  input,
  output,
  async run({ traceId, project }, reader) {
    const found = await findSummary(traceId, project, reader);
    if (!found)
      throw new QueryError(
        404,
        "unknown-trace",
        `there is no trace ${traceId}`,
        "it may have been deleted, or not arrived yet",
      );
    const { summary, firstHour, lastHour } = found;
    const origin = BigInt(Math.round(summary.startTime * 1000)) * 1000n;
    const read = (hours: string): Promise<Uint8Array> =>
      reader.bytes(
        skeletonSql(hours),
        { traceId, project: summary.project, origin, firstHour, lastHour, most: MAX_SPANS },
        { format: "JSONCompactColumns" },
      );
    const near = "hour >= toDateTime({firstHour:UInt32}, 'UTC') AND hour <= toDateTime({lastHour:UInt32}, 'UTC')";
    const bounded = await writeSkeleton(await read(near), summary, summary.startTime);
    // Spans of a clock that is off by days are filed under their arrival; then look everywhere.
    if (bounded.spans >= Math.min(summary.spanCount, MAX_SPANS)) return new WrittenAnswer(bounded.pieces);
    return new WrittenAnswer((await writeSkeleton(await read("1"), summary, summary.startTime)).pieces);
  },
};

/** A span comes once even while a correction is half stored: its newest version wins. */
function skeletonSql(hours: string): string {
  return `SELECT ${SKELETON_COLUMNS} FROM (
      SELECT * FROM telltale_data.span_rows
      WHERE project = {project:String} AND ${hours} AND trace_id = {traceId:String}
        AND row NOT IN (SELECT row FROM telltale_data.superseded)
      ORDER BY row DESC LIMIT 1 BY span_id
    ) ORDER BY start_time, row LIMIT {most:UInt32} ${ONE_PLACE}`;
}

async function findSummary(
  traceId: string,
  project: string | undefined,
  reader: Reader,
): Promise<{ summary: TraceSummary; firstHour: number; lastHour: number } | undefined> {
  const [row] = await reader.rows(
    `SELECT ${SUMMARY_COLUMNS},
      least(intDiv(toUnixTimestamp64Nano(start_time), 3600000000000) * 3600, intDiv(toInt64(toUnixTimestamp(filed_at)), 3600) * 3600) AS first_hour,
      greatest(intDiv(toUnixTimestamp64Nano(end_time), 3600000000000) * 3600, toInt64(toUnixTimestamp(filed_at))) AS last_hour
    FROM telltale_data.trace_summaries WHERE trace_id = {traceId:String} AND {project:String} IN ('', project)
    ORDER BY row DESC LIMIT 1 ${ONE_THREAD}`,
    { traceId, project: project ?? "" },
  );
  if (!row) return undefined;
  return {
    summary: summaryOf(row),
    firstHour: Math.max(0, numberOf(row, "first_hour")),
    lastHour: Math.min(numberOf(row, "last_hour"), LAST_HOUR),
  };
}

/** The last hour of the engine's 32-bit calendar, in seconds. */
const LAST_HOUR = 4_294_965_600;
