import type { Filter } from "@telltale/model";
import * as z from "zod";
import type { TraceList, TraceSummary } from "../api-types.ts";
import type { Query, Reader, Row } from "../query.ts";
import { FINAL_SETTINGS, ONE_THREAD } from "../query/read-hints.ts";
import { asksForWords, firstOf, newestCandidates } from "../query/newest-candidates.ts";
import { numberOf, textOf } from "../query/row-value.ts";
import { StatementParameters } from "../query/statement-parameters.ts";
import { readCursor, type TraceCursor, writeCursor } from "../query/trace-cursor.ts";
import {
  isOneOf,
  readFilter,
  SELECTION_FIELDS,
  splitFilter,
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
  /** Where it was read at once. */
  readonly summary: TraceSummary | undefined;
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

/** The newest traces, found without a look at all the others: from the newest rows, else in windows back from the newest. */
async function newestPlaces(
  request: Input,
  filter: Filter,
  cursor: TraceCursor | undefined,
  reader: Reader,
): Promise<Place[]> {
  const first = cursor || request.to !== undefined ? undefined : await withWords(request, filter, reader);
  return first ?? (await amongFew(request, filter, cursor, reader)) ?? walkBack(request, filter, cursor, reader);
}

/** So many traces are asked for their spans by id in less time than all spans are looked through. */
const FEW_TRACES = 500;

/** For a filter of which a part is known of traces already, as their errors are: of those that pass it, when they are few. */
async function amongFew(
  request: Input,
  filter: Filter,
  cursor: TraceCursor | undefined,
  reader: Reader,
): Promise<Place[] | undefined> {
  const { ofTraces, ofSpans } = splitFilter(filter);
  if (ofTraces.type === "everything" || ofSpans.type === "everything") return undefined;
  const { where, parameters } = await traceWhere(reader, request, ofTraces);
  const rows = await reader.rows(
    `SELECT trace_id FROM telltale_data.trace_summaries FINAL WHERE ${where} LIMIT ${FEW_TRACES + 1} ${FINAL_SETTINGS}`,
    parameters.values,
  );
  if (rows.length > FEW_TRACES) return undefined;
  if (rows.length === 0) return [];
  const among = rows.map((row) => textOf(row, "trace_id"));
  return findPlaces(request, filter, cursor, 0, reader, { among });
}

/** A common word stands in enough of so many rows; a rare one is looked for everywhere then. */
const ROWS_OF_COMMON_WORDS = 4000;

/** The first page for a filter that asks for words; `undefined` for others, and when they are everywhere and rarely pass the rest. */
async function withWords(request: Input, filter: Filter, reader: Reader): Promise<Place[] | undefined> {
  if (!asksForWords(filter)) return undefined;
  const { near } = await newestTimes(request, undefined, ROWS_OF_COMMON_WORDS, reader);
  const newest = near === 0 ? undefined : await amongCandidates(request, filter, near, reader);
  return newest ?? amongCandidates(request, filter, 0, reader);
}

/** The first page from the newest rows alone; `undefined` when they do not fill it for certain. */
async function amongCandidates(
  request: Input,
  filter: Filter,
  near: number,
  reader: Reader,
): Promise<Place[] | undefined> {
  const all = await newestCandidates(request, filter, request.limit + 1, near, reader);
  if (!all) return undefined;
  const few = all.rest.type === "everything" ? firstOf(all, Math.ceil((request.limit + 1) * 1.5)) : all;
  for (const found of new Set([few, all])) {
    // A trace is filed in the second it begins in at the earliest, so no certain one is left out.
    const oldest = Number(found.certainFrom / 1_000_000_000n);
    const ids = found.traces.map(({ traceId }) => traceId);
    const places = await findPlaces(request, found.rest, undefined, oldest, reader, { among: ids });
    const certain = places.filter((place) => BigInt(place.key) >= found.certainFrom);
    if (found.certainFrom === 0n || certain.length > request.limit) return places;
  }
  return undefined;
}

/** Walks back from the newest trace in growing windows until the page is full. */
async function walkBack(
  request: Input,
  filter: Filter,
  cursor: TraceCursor | undefined,
  reader: Reader,
): Promise<Place[]> {
  const { latest, near } = await newestTimes(request, cursor, (request.limit + 1) * ROWS_PER_TRACE, reader);
  let first = request.from === undefined ? 0 : Math.floor(request.from / 1000);
  // Of a filter nobody knows how many pass; a look at more traces costs less than one more look.
  const isPlain = filter.type === "everything";
  let window = isPlain ? latest - near : Math.max(latest - near, NEWEST_WINDOW_SECONDS);
  for (let looks = 0; ; looks++) {
    const oldest = latest - window;
    // The rows of this first window were counted.
    const look = { isSmall: isPlain && looks === 0 };
    if (oldest <= first) return findPlaces(request, filter, cursor, 0, reader, look);
    const places = await findPlaces(request, filter, cursor, oldest, reader, look);
    // Traces filed before the window all began before it; some filed inside may have, too.
    const certain = places.filter((place) => BigInt(place.key) >= BigInt(oldest) * 1_000_000_000n).length;
    if (certain > request.limit) return places;
    first = Math.max(first, await firstTime(request, reader));
    window = nextWindow(Math.max(window, 1), certain, request.limit);
  }
}

/** Rows for each trace wanted: a trace that goes on has several, until they are merged. */
const ROWS_PER_TRACE = 4;

/** Seconds: the one to begin with, and the one from which on there are so many rows; 0 when there are not. */
async function newestTimes(
  request: Input,
  cursor: TraceCursor | undefined,
  wanted: number,
  reader: Reader,
): Promise<{ latest: number; near: number }> {
  const parameters = new StatementParameters();
  const where = request.project === undefined ? ["1"] : [`project = ${parameters.bind("String", request.project)}`];
  const bounds: number[] = [];
  if (request.to !== undefined) bounds.push(Math.ceil(request.to / 1000));
  if (cursor) bounds.push(Number(BigInt(cursor.key) / 1_000_000_000n));
  if (bounds.length > 0)
    where.push(`filed_at <= toDateTime(${parameters.bind("UInt32", Math.max(0, Math.min(...bounds)))}, 'UTC')`);
  const [row] = await reader.rows(
    `SELECT toUnixTimestamp(max(filed_at)) AS latest, toUnixTimestamp(min(filed_at)) AS near, count() AS found FROM (
      SELECT filed_at FROM telltale_data.trace_summaries WHERE ${where.join(" AND ")} ORDER BY filed_at DESC LIMIT ${wanted})`,
    parameters.values,
  );
  if (!row) return { latest: 0, near: 0 };
  return { latest: numberOf(row, "latest"), near: numberOf(row, "found") < wanted ? 0 : numberOf(row, "near") };
}

/** The second before which there is nothing to find. */
async function firstTime(request: Input, reader: Reader): Promise<number> {
  const parameters = new StatementParameters();
  const where = request.project === undefined ? "1" : `project = ${parameters.bind("String", request.project)}`;
  const sql = `SELECT toUnixTimestamp(min(filed_at)) AS first FROM telltale_data.trace_summaries WHERE ${where}`;
  const [row] = await reader.rows(sql, parameters.values);
  return row ? numberOf(row, "first") : 0;
}

/** What is looked through. */
interface Look {
  /** Only these traces. */
  readonly among?: readonly string[];
  /** Few enough rows to read the summaries with their places. */
  readonly isSmall?: boolean;
}

async function findPlaces(
  request: Input,
  filter: Filter,
  cursor: TraceCursor | undefined,
  oldest: number,
  reader: Reader,
  { among, isSmall = among !== undefined }: Look = {},
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
  const columns = isSmall ? SUMMARY_COLUMNS : "project, trace_id";
  const rows = await reader.rows(
    `SELECT ${key} AS sort_key, toString(sort_key) AS place_key, toUnixTimestamp(filed_at) AS filed, ${columns}
    FROM ${table} WHERE ${where} AND ${after}
    ORDER BY sort_key ${direction}, trace_id ${direction} LIMIT ${parameters.bind("UInt32", request.limit + 1)} ${among ? ONE_THREAD : FINAL_SETTINGS}`,
    parameters.values,
  );
  return rows.map((row) => ({
    key: textOf(row, "place_key"),
    project: textOf(row, "project"),
    filedAt: numberOf(row, "filed"),
    traceId: textOf(row, "trace_id"),
    summary: isSmall ? summaryOf(row) : undefined,
  }));
}

async function summariesAt(places: readonly Place[], reader: Reader): Promise<TraceList["traces"]> {
  const known = places.flatMap(({ summary }) => summary ?? []);
  if (known.length === places.length) return known;
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
    ORDER BY row DESC LIMIT 1 BY project, trace_id ${ONE_THREAD}`,
    parameters.values,
  );
  const found = new Map<string, Row>(rows.map((row) => [textOf(row, "project") + textOf(row, "trace_id"), row]));
  return places.flatMap(({ project, traceId }) => {
    const row = found.get(project + traceId);
    return row ? [summaryOf(row)] : [];
  });
}
