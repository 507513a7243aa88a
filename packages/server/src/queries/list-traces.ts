import type { Filter } from "@telltale/model";
import * as z from "zod";
import type { TraceList } from "../api-types.ts";
import type { Query, Reader, Row } from "../query.ts";
import { FINAL_SETTINGS } from "../query/final-settings.ts";
import { newestCandidates } from "../query/newest-candidates.ts";
import { numberOf, textOf } from "../query/row-value.ts";
import { StatementParameters } from "../query/statement-parameters.ts";
import { readCursor, type TraceCursor, writeCursor } from "../query/trace-cursor.ts";
import {
  isOneOf,
  readFilter,
  SELECTION_FIELDS,
  START_NANOS,
  type TraceSelection,
  traceWhere,
} from "../query/trace-selection.ts";
import { SUMMARY_COLUMNS, summaryOf, traceSummarySchema } from "../query/trace-summary.ts";
import { NEWEST_WINDOW_SECONDS, nextWindow } from "../query/trace-window.ts";

type Sort = "startTime" | "durationMs" | "costNanos" | "totalTokens" | "spanCount" | "errorCount";

/** Integer sort keys, exact; NULL is unknown and comes last in either order. */
const SORT_KEYS: { readonly [sort in Sort]: string } = {
  startTime: START_NANOS,
  durationMs: "greatest(toUnixTimestamp64Nano(end_time) - toUnixTimestamp64Nano(start_time), 0)",
  costNanos: "cost_nanos",
  totalTokens:
    "if(isNull(input_tokens) AND isNull(output_tokens), NULL, ifNull(input_tokens, 0) + ifNull(output_tokens, 0))",
  spanCount: "toInt64(span_count)",
  errorCount: "toInt64(error_count)",
};

interface Input extends TraceSelection {
  readonly sort: Sort;
  readonly order: "asc" | "desc";
  readonly limit: number;
  readonly cursor?: string | undefined;
}

const input: z.ZodType<Input> = z.strictObject({
  ...SELECTION_FIELDS,
  sort: z.enum(["startTime", "durationMs", "costNanos", "totalTokens", "spanCount", "errorCount"]).default("startTime"),
  order: z.enum(["asc", "desc"]).default("desc"),
  limit: z.int().min(1).max(200).default(50),
  cursor: z.string().max(300).optional().meta({ description: "`nextCursor` of the page before" }),
});

/** The place of a trace in the list: enough to sort, to go on after it, and to find its row at once. */
interface Place {
  readonly key: string;
  readonly project: string;
  readonly filedAt: number;
  readonly traceId: string;
}

/** Traces that pass a filter, a page at a time. */
export const listTraces: Query<Input, TraceList> = {
  name: "list-traces",
  summary: "List traces that pass a filter",
  method: "GET",
  path: "/traces",
  input,
  output: z.object({ traces: z.array(traceSummarySchema), nextCursor: z.string().nullable() }),
  async run(request, reader) {
    const filter = readFilter(request.filter);
    const list = `${request.sort}.${request.order}`;
    const cursor = request.cursor === undefined ? undefined : readCursor(request.cursor, list);
    const newestFirst = request.sort === "startTime" && request.order === "desc";
    const places = newestFirst
      ? await newestPlaces(request, filter, cursor, reader)
      : await findPlaces(request, filter, cursor, 0, reader);
    const page = places.slice(0, request.limit);
    const last = places.length > page.length ? page.at(-1) : undefined;
    return {
      traces: await summariesAt(page, reader),
      nextCursor: last ? writeCursor({ list, key: last.key, traceId: last.traceId }) : null,
    };
  },
};

/** The newest traces, found without a look at all the others: from the newest rows, else hour by hour. */
async function newestPlaces(
  request: Input,
  filter: Filter,
  cursor: TraceCursor | undefined,
  reader: Reader,
): Promise<Place[]> {
  const first = cursor || request.to !== undefined ? undefined : await amongCandidates(request, filter, reader);
  return first ?? walkBack(request, filter, cursor, reader);
}

/** The first page from the newest rows alone; `undefined` when they do not fill it for certain. */
async function amongCandidates(request: Input, filter: Filter, reader: Reader): Promise<Place[] | undefined> {
  const found = await newestCandidates(request, filter, request.limit + 1, reader);
  if (!found) return undefined;
  // A trace is filed in the second it begins in at the earliest, so no certain one is left out.
  const oldest = Number(found.certainFrom / 1_000_000_000n);
  const places = await findPlaces(request, found.rest, undefined, oldest, reader, found.traceIds);
  const certain = places.filter((place) => BigInt(place.key) >= found.certainFrom);
  return found.certainFrom === 0n || certain.length > request.limit ? places : undefined;
}

/** Walks back from the newest trace in growing windows until the page is full. */
async function walkBack(
  request: Input,
  filter: Filter,
  cursor: TraceCursor | undefined,
  reader: Reader,
): Promise<Place[]> {
  const { latest, first } = await timesOf(request, cursor, reader);
  let window = NEWEST_WINDOW_SECONDS;
  for (;;) {
    const oldest = latest - window;
    if (oldest <= first) return findPlaces(request, filter, cursor, 0, reader);
    const places = await findPlaces(request, filter, cursor, oldest, reader);
    // Traces filed before the window all began before it; some filed inside may have, too.
    const certain = places.filter((place) => BigInt(place.key) >= BigInt(oldest) * 1_000_000_000n).length;
    if (certain > request.limit) return places;
    window = nextWindow(window, certain, request.limit);
  }
}

/** Seconds: the one to begin with, and the one before which there is nothing to find. */
async function timesOf(
  request: Input,
  cursor: TraceCursor | undefined,
  reader: Reader,
): Promise<{ latest: number; first: number }> {
  const parameters = new StatementParameters();
  const where = request.project === undefined ? "1" : `project = ${parameters.bind("String", request.project)}`;
  const sql = `SELECT toUnixTimestamp(max(filed_at)) AS latest, toUnixTimestamp(min(filed_at)) AS first FROM telltale_data.trace_summaries WHERE ${where}`;
  const [row] = await reader.rows(sql, parameters.values);
  const bounds = [row ? numberOf(row, "latest") : 0];
  if (request.to !== undefined) bounds.push(Math.ceil(request.to / 1000));
  if (cursor) bounds.push(Number(BigInt(cursor.key) / 1_000_000_000n));
  const from = request.from === undefined ? 0 : Math.floor(request.from / 1000);
  return { latest: Math.min(...bounds), first: Math.max(from, row ? numberOf(row, "first") : 0) };
}

async function findPlaces(
  request: Input,
  filter: Filter,
  cursor: TraceCursor | undefined,
  oldest: number,
  reader: Reader,
  among?: readonly string[],
): Promise<Place[]> {
  const { where, parameters } = await traceWhere(reader, request, filter, oldest, among);
  // Of a few traces the newest version is found sooner than by merging all of their neighbours.
  const table = among
    ? `(SELECT * FROM telltale_data.trace_summaries WHERE filed_at >= toDateTime(${parameters.bind("UInt32", oldest)}, 'UTC') AND ${isOneOf(among, parameters)} ORDER BY row DESC LIMIT 1 BY project, trace_id)`
    : "telltale_data.trace_summaries FINAL";
  const last = request.order === "desc" ? "-9223372036854775808" : "9223372036854775807";
  const key = `ifNull(${SORT_KEYS[request.sort]}, toInt64(${parameters.bind("Int64", BigInt(last))}))`;
  const direction = request.order === "desc" ? "DESC" : "ASC";
  const after = cursor
    ? `(sort_key, trace_id) ${request.order === "desc" ? "<" : ">"} (${parameters.bind("Int64", BigInt(cursor.key))}, ${parameters.bind("String", cursor.traceId)})`
    : "1";
  const rows = await reader.rows(
    `SELECT ${key} AS sort_key, toString(sort_key) AS place_key, project, toUnixTimestamp(filed_at) AS filed, trace_id
    FROM ${table} WHERE ${where} AND ${after}
    ORDER BY sort_key ${direction}, trace_id ${direction} LIMIT ${parameters.bind("UInt32", request.limit + 1)} ${among ? "" : FINAL_SETTINGS}`,
    parameters.values,
  );
  return rows.map((row) => ({
    key: textOf(row, "place_key"),
    project: textOf(row, "project"),
    filedAt: numberOf(row, "filed"),
    traceId: textOf(row, "trace_id"),
  }));
}

async function summariesAt(places: readonly Place[], reader: Reader): Promise<TraceList["traces"]> {
  if (places.length === 0) return [];
  const parameters = new StatementParameters();
  // One place for each value: only of a plain list does the engine make ranges of its sort key.
  const listed = (type: "String" | "UInt32", value: (place: Place) => string | number): string[] =>
    [...new Set(places.map(value))].map((item) => parameters.bind(type, item));
  const projects = listed("String", (place) => place.project);
  const times = listed("UInt32", (place) => place.filedAt).map((time) => `toDateTime(${time}, 'UTC')`);
  const ids = listed("String", (place) => place.traceId);
  const rows = await reader.rows(
    `SELECT ${SUMMARY_COLUMNS} FROM telltale_data.trace_summaries
    WHERE filed_at IN (${times.join(", ")}) AND project IN (${projects.join(", ")}) AND trace_id IN (${ids.join(", ")})
    ORDER BY row DESC LIMIT 1 BY project, trace_id`,
    parameters.values,
  );
  const found = new Map<string, Row>(rows.map((row) => [textOf(row, "project") + textOf(row, "trace_id"), row]));
  return places.flatMap(({ project, traceId }) => {
    const row = found.get(project + traceId);
    return row ? [summaryOf(row)] : [];
  });
}
