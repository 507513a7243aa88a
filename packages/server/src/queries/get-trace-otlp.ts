import * as z from "zod";
import type { OtlpTrace } from "../api-types.ts";
import { storedRowsIn, storedRowsSql } from "../engine/read-stored-rows.ts";
import { RowReader } from "../forward/span-of-row.ts";
import { writeJsonTraces } from "../otlp/write-traces.ts";
import { type Query, QueryError, WrittenAnswer } from "../query.ts";
import { projectField, traceIdField } from "../query/id-fields.ts";
import { numberOf } from "../query/row-value.ts";

/** Spans of one part: with 20 kB of content each, 40 MB. */
const PART = 2_000;
/** Characters of one answer's content at most; receivers of OTLP take up to 64 MiB, many less. */
const MOST_CHARACTERS = 60_000_000;

interface Input {
  readonly traceId: string;
  readonly project?: string | undefined;
  readonly part?: number | undefined;
}

const input: z.ZodType<Input> = z.strictObject({
  traceId: traceIdField,
  project: projectField,
  part: z.coerce
    .number()
    .int()
    .min(0)
    .max(100_000)
    .optional()
    .meta({
      description: `Which ${PART} spans, from 0; the first ones when absent. An empty list says there are no more`,
    }),
});

const output: z.ZodType<OtlpTrace> = z.object({ resourceSpans: z.array(z.any()) });

/** One trace as OTLP/JSON, to post to any receiver of OTLP: Telltale's own stores the same spans again. */
export const getTraceOtlp: Query<Input, OtlpTrace> = {
  name: "get-trace-otlp",
  summary: "One trace as an OTLP/JSON request, by the GenAI conventions",
  method: "GET",
  path: "/traces/:traceId/otlp",
  input,
  output,
  async run({ traceId, project, part = 0 }, reader) {
    const chosen = { traceId, project: project ?? "", offset: part * PART };
    const [size] = await reader.rows(
      `SELECT count() AS spans, sum(characters) AS characters FROM (
        SELECT length(input) + length(output) + length(events) AS characters ${CHOSEN})`,
      chosen,
    );
    const spans = numberOf(size ?? {}, "spans");
    if (spans === 0 && part === 0)
      throw new QueryError(404, "unknown-trace", `there is no trace ${traceId}`, "it may not have arrived yet");
    if (numberOf(size ?? {}, "characters") > MOST_CHARACTERS)
      throw new QueryError(
        413,
        "too-large",
        `the spans of this part have more than ${MOST_CHARACTERS} characters of content`,
        "ask for its spans one by one",
      );
    // Every dialect stands behind it, and few traces are exported: a quarter of the front's memory.
    const { Origins, recordOfSpan } = await import("../forward/record-of-span.ts");
    const origins = new Origins();
    const rows = new RowReader();
    const records = [];
    const bytes = await reader.bytes(storedRowsSql(CHOSEN_ROWS), chosen, { format: "JSONEachRow" });
    for (const row of storedRowsIn(bytes)) records.push(recordOfSpan(rows.spanOf(row), origins));
    const pieces = writeJsonTraces(records).join(",");
    return new WrittenAnswer([Buffer.from(`{"resourceSpans":[${pieces}]}`)]);
  },
};

/** The newest version of every span, in the order of arrival, so that parts do not overlap. */
const CHOSEN = `FROM (
    SELECT row, input, output, events FROM telltale_data.span_rows
    WHERE trace_id = {traceId:String} AND {project:String} IN ('', project)
      AND row NOT IN (SELECT row FROM telltale_data.superseded)
    ORDER BY row DESC LIMIT 1 BY project, span_id
  ) ORDER BY row LIMIT ${PART} OFFSET {offset:UInt32}`;
const CHOSEN_ROWS = `WHERE trace_id = {traceId:String} AND row IN (SELECT row ${CHOSEN}) ORDER BY row`;
