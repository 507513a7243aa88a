import * as z from "zod";
import type { TraceScores } from "../api-types.ts";
import { EVALUATION_EVENT, latestScores, scoreOfLog, scoresOfSpan, type ToldScore } from "../dialect/scores.ts";
import { logRecordFromJson } from "../engine/log-row.ts";
import { storedRowsIn, storedRowsSql } from "../engine/read-stored-rows.ts";
import { RowReader } from "../forward/span-of-row.ts";
import { type Query, type Reader } from "../query.ts";
import { projectField, traceIdField } from "../query/id-fields.ts";
import { textOf } from "../query/row-value.ts";

/** Log records and spans with judgements that are read of one trace. */
const MOST = 2_000;

interface Input {
  readonly traceId: string;
  readonly project?: string | undefined;
}

const input: z.ZodType<Input> = z.strictObject({ traceId: traceIdField, project: projectField });

const output: z.ZodType<TraceScores> = z.object({
  scores: z.array(
    z.object({
      name: z.string(),
      value: z.number().nullable(),
      label: z.string(),
      explanation: z.string(),
      source: z.enum(["code", "llm", "human", "api"]),
      spanId: z.string().nullable(),
      time: z.number(),
    }),
  ),
});

/** Judgements of a trace and its spans, whoever told them and however: events, log records, annotations, vendors' scores. */
export const getTraceScores: Query<Input, TraceScores> = {
  name: "get-trace-scores",
  summary: "The scores of one trace and its spans, from evaluations, annotations and feedback",
  method: "GET",
  path: "/traces/:traceId/scores",
  input,
  output,
  async run({ traceId, project = "" }, reader) {
    const asked = { traceId, project };
    const told = [...(await inLogs(asked, reader)), ...(await inSpans(asked, reader))];
    return {
      scores: latestScores(told).map(({ score, time }) => ({
        name: score.name,
        value: score.value,
        label: score.label ?? "",
        explanation: score.explanation ?? "",
        source: score.source,
        spanId: score.spanId ?? null,
        time: Number(time / 1000n) / 1000,
      })),
    };
  },
};

/** Which trace, and of which project where it matters. */
type Asked = { readonly traceId: string; readonly project: string };

async function inLogs(asked: Asked, reader: Reader): Promise<readonly ToldScore[]> {
  const rows = await reader.rows(
    `SELECT record FROM telltale_data.log_rows
    WHERE trace_id = {traceId:String} AND {project:String} IN ('', project) AND name = {name:String}
    ORDER BY row LIMIT ${MOST}`,
    { ...asked, name: EVALUATION_EVENT },
  );
  return rows.flatMap((row) => {
    const log = logRecordFromJson(textOf(row, "record"));
    return (log && scoreOfLog(log)) ?? [];
  });
}

/** Only spans whose events or attributes name a judgement are read as a whole, without their content. */
async function inSpans(asked: Asked, reader: Reader): Promise<readonly ToldScore[]> {
  const named = "match(arrayStringConcat(JSONAllPaths(attributes), '\\n'), {names:String})";
  const chosen = `row IN (
    SELECT row FROM (
      SELECT row, span_id, project, events, attributes FROM telltale_data.span_rows
      WHERE trace_id = {traceId:String} AND {project:String} IN ('', project)
        AND row NOT IN (SELECT row FROM telltale_data.superseded)
      ORDER BY row DESC LIMIT 1 BY project, span_id
    ) WHERE position(events, {name:String}) > 0 OR ${named}
    ORDER BY row LIMIT ${MOST})`;
  const bytes = await reader.bytes(
    storedRowsSql(`WHERE trace_id = {traceId:String} AND ${chosen}`),
    { ...asked, name: EVALUATION_EVENT, names: JUDGEMENT_PATHS },
    { format: "JSONEachRow" },
  );
  const rows = new RowReader();
  return [...storedRowsIn(bytes)].flatMap((row) => {
    const span = rows.spanOf(row);
    return scoresOfSpan(span, span, span.endTime ?? span.startTime);
  });
}

/** Paths of attributes that tell a judgement. */
const JUDGEMENT_PATHS = String.raw`(?m)^(gen_ai\.evaluation\.name$|telltale\.score\.|braintrust\.scores$|(trace\.)?annotations\.\d|evaluations\.\d)`;
