import * as z from "zod";
import { type Query, QueryError, type Reader, type Row, WrittenAnswer } from "../query.ts";
import { projectField, spanIdField, traceIdField } from "../query/id-fields.ts";
import { numberOf, textOf } from "../query/row-value.ts";
import { contentSql, SPAN_COLUMNS, spanFieldsOf } from "../query/span-detail.ts";
import { spanDetailSchema } from "../query/span-schema.ts";
import type { SpanDetail } from "../api-types.ts";

interface Input {
  readonly traceId: string;
  readonly spanId: string;
  readonly project?: string | undefined;
}

const input: z.ZodType<Input> = z.strictObject({
  traceId: traceIdField,
  spanId: spanIdField,
  project: projectField,
});

/** Integers among the attributes are numbers, also those of 64 bits; too large ones are caught when they are read. */
const PLAIN_INTEGERS = "SETTINGS output_format_json_quote_64bit_integers = 0";

/** Everything about one span, its content included. */
export const getSpan: Query<Input, SpanDetail> = {
  name: "get-span",
  summary: "One span with its content, attributes, events and cost",
  method: "GET",
  path: "/traces/:traceId/spans/:spanId",
  input,
  output: spanDetailSchema,
  async run({ traceId, spanId, project }, reader) {
    const [row] = await reader.rows(
      `SELECT ${SPAN_COLUMNS} FROM telltale_data.span_rows
      WHERE trace_id = {traceId:String} AND span_id = {spanId:String} AND {project:String} IN ('', project)
        AND row NOT IN (SELECT row FROM telltale_data.superseded)
      ORDER BY row DESC LIMIT 1 ${PLAIN_INTEGERS}`,
      { traceId, spanId, project: project ?? "" },
    );
    if (!row)
      throw new QueryError(
        404,
        "unknown-span",
        `there is no span ${spanId} in trace ${traceId}`,
        "it may have been deleted, or not arrived yet",
      );
    const [input, output] = await Promise.all([readContent("input", row, reader), readContent("output", row, reader)]);
    const fields = JSON.stringify(spanFieldsOf(row));
    return new WrittenAnswer([
      Buffer.from(`${fields.slice(0, -1)},"input":`),
      input,
      Buffer.from(',"output":'),
      output,
      Buffer.from("}"),
    ]);
  },
};

/** Content may be many megabytes: it comes as JSON and goes out unparsed. */
function readContent(side: "input" | "output", row: Row, reader: Reader): Promise<Uint8Array> {
  return reader.bytes(
    `SELECT ${contentSql(side)} FROM telltale_data.span_rows
    WHERE project = {project:String} AND hour = toDateTime({hour:UInt32}, 'UTC') AND trace_id = {traceId:String}
      AND row = {row:UInt64} LIMIT 1`,
    {
      project: textOf(row, "project"),
      hour: numberOf(row, "hour_seconds"),
      traceId: textOf(row, "trace_id"),
      row: textOf(row, "row_text"),
    },
    { format: "RawBLOB" },
  );
}
