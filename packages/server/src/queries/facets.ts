import * as z from "zod";
import type { Facets } from "../api-types.ts";
import type { Query, Row } from "../query.ts";
import { FINAL_SETTINGS } from "../query/read-hints.ts";
import { numberOf, textOf } from "../query/row-value.ts";
import { readFilter, SELECTION_FIELDS, spanBounds, type TraceSelection, traceWhere } from "../query/trace-selection.ts";

/** Values of one field at most; the page says when there are more. */
const VALUES = 12;

/** Fields of the filter language, in the order the page shows them. */
const FIELDS = ["status", "kind", "model", "agent", "tool", "service", "user", "session", "tag"] as const;

const input: z.ZodType<TraceSelection> = z.strictObject({ ...SELECTION_FIELDS });

const output: z.ZodType<Facets> = z.object({
  facets: z.array(
    z.object({
      field: z.string(),
      values: z.array(z.object({ value: z.string(), count: z.int() })),
      more: z.boolean(),
    }),
  ),
  total: z.int(),
});

/** The most frequent values of each field, counted in traces. */
export const facets: Query<TraceSelection, Facets> = {
  name: "facets",
  summary: "Most frequent values per field among the traces that pass a filter",
  method: "GET",
  path: "/facets",
  input,
  output,
  async run(request, reader) {
    const filter = readFilter(request.filter);
    const { where, parameters } = await traceWhere(reader, request, filter);
    const hours = await spanBounds(reader, request, 0, parameters);
    const [ofTraces, ofLists, ofSpans] = await Promise.all(
      [traceFacets(where), listFacets(where), spanFacets(where, hours)].map((sql) =>
        reader.rows(sql, parameters.values),
      ),
    );
    const total = ofTraces?.find((row) => textOf(row, "field") === "");
    return {
      facets: FIELDS.map((field) =>
        facetOf(
          field,
          [ofTraces, ofLists, ofSpans].flatMap((rows) => rows ?? []),
        ),
      ),
      total: total ? numberOf(total, "traces") : 0,
    };
  },
};

const MOST = `ORDER BY field, traces DESC, value LIMIT ${VALUES + 1} BY field ${FINAL_SETTINGS}`;

/** One reading of the traces for all their fields; the row without a field counts them. */
function traceFacets(where: string): string {
  const columns = ["status", "service_name", "user_id", "session_id"];
  const chosen = (values: readonly string[]): string =>
    `multiIf(${columns.map((column, index) => `grouping(${column}) = 0, ${values[index]}`).join(", ")}, '')`;
  return `SELECT ${chosen(["'status'", "'service'", "'user'", "'session'"])} AS field,
      ${chosen(columns.map((column) => `toString(${column})`))} AS value, count() AS traces
    FROM telltale_data.trace_summaries FINAL WHERE ${where}
    GROUP BY GROUPING SETS ((), ${columns.map((column) => `(${column})`).join(", ")})
    HAVING field = '' OR value != '' ${MOST}`;
}

/** Fields of which a trace has several values. */
function listFacets(where: string): string {
  const list = (field: string, column: string): string => `arrayMap(item -> ('${field}', toString(item)), ${column})`;
  return `SELECT pair.1 AS field, pair.2 AS value, count() AS traces FROM (
      SELECT arrayJoin(arrayConcat(${list("model", "models")}, ${list("agent", "agents")}, ${list("tag", "tags")})) AS pair
      FROM telltale_data.trace_summaries FINAL WHERE ${where}
    ) WHERE value != '' GROUP BY field, value ${MOST}`;
}

/** Exact: traces are counted by a hash of 64 bits, which halves the time of counting them by their id. */
function spanFacets(traces: string, hours: string): string {
  const within = `AND trace_id IN (SELECT trace_id FROM telltale_data.trace_summaries FINAL WHERE ${traces})`;
  return `SELECT if(grouping(kind) = 0, 'kind', 'tool') AS field, if(field = 'kind', kind, tool_name) AS value,
      uniqExact(sipHash64(trace_id)) AS traces
    FROM telltale_data.span_rows
    WHERE ${hours} ${traces === "1" ? "" : within} AND row NOT IN (SELECT row FROM telltale_data.superseded)
    GROUP BY GROUPING SETS ((kind), (tool_name)) HAVING value != '' ${MOST}`;
}

function facetOf(field: string, rows: readonly Row[]): Facets["facets"][number] {
  const values = rows
    .filter((row) => textOf(row, "field") === field)
    .map((row) => ({ value: textOf(row, "value"), count: numberOf(row, "traces") }));
  return { field, values: values.slice(0, VALUES), more: values.length > VALUES };
}
