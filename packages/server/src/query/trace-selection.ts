import { type Filter, type FilterCondition, findFilterField, MAX_FILTER_LENGTH, parseFilter } from "@telltale/model";
import * as z from "zod";
import { QueryError, type Reader } from "../query.ts";
import { compileFilter } from "./compile-filter.ts";
import { knownNumberOf, numberOf } from "./row-value.ts";
import { StatementParameters } from "./statement-parameters.ts";

/** Which traces a question is about; part of the input of several queries. */
export interface TraceSelection {
  readonly filter?: string | undefined;
  readonly project?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Milliseconds of the years 1970 to 2199: what a nanosecond clock of 64 bits and the engine's calendar hold. */
const instant = z.number().min(0).max(7_258_118_400_000);

/** The fields of {@link TraceSelection}, for the input of a query. */
export const SELECTION_FIELDS: {
  readonly filter: z.ZodType<string | undefined>;
  readonly project: z.ZodType<string | undefined>;
  readonly from: z.ZodType<number | undefined>;
  readonly to: z.ZodType<number | undefined>;
} = {
  filter: z
    .string()
    .max(MAX_FILTER_LENGTH)
    .optional()
    .meta({ description: "Filter language, e.g. `status:error latency:>2s`", examples: ["status:error latency:>2s"] }),
  project: z.string().max(200).optional().meta({ description: "Only this project; every one when absent" }),
  from: instant.optional().meta({ description: "Traces that began then or later: milliseconds since 1970" }),
  to: instant.optional().meta({ description: "Traces that began before then: milliseconds since 1970" }),
};

/** The filter of an input; throws `QueryError` with the place and what to write instead. */
export function readFilter(text: string | undefined): Filter {
  const result = parseFilter(text ?? "");
  if ("filter" in result) return result.filter;
  const { message, position, hint } = result.error;
  throw new QueryError(400, "bad-filter", `filter, at character ${position + 1}: ${message}`, hint);
}

/**
 * The start of a trace as lists count it. A trace is filed under the second in which the first of its
 * spans to arrive began, so it never starts after that second; where a sender's clock says so, it is taken
 * to have started at the end of the second.
 */
export const START_NANOS: string =
  "toUnixTimestamp64Nano(least(start_time, toDateTime64(filed_at, 9, 'UTC') + toIntervalNanosecond(999999999)))";

const HOUR_SECONDS = 3600;

/** The start, in seconds, of the hour of a time in milliseconds. */
export function hourOfMilliseconds(milliseconds: number): number {
  const seconds = Math.floor(milliseconds / 1000);
  return seconds - (seconds % HOUR_SECONDS);
}

/** SQL over `trace_summaries` for project and times, without the filter; those filed before `oldest` (seconds) left out. */
export function selectionWhere(selection: TraceSelection, oldest: number, parameters: StatementParameters): string[] {
  const where: string[] = [];
  if (selection.project !== undefined) where.push(`project = ${parameters.bind("String", selection.project)}`);
  const from = selection.from === undefined ? 0 : Math.floor(selection.from / 1000);
  // A trace is never filed under a second before the one it starts in.
  const first = Math.max(oldest, from);
  if (first > 0) where.push(`filed_at >= toDateTime(${parameters.bind("UInt32", first)}, 'UTC')`);
  if (selection.from !== undefined)
    where.push(`${START_NANOS} >= ${parameters.bind("Int64", nanosOf(selection.from))}`);
  if (selection.to !== undefined) where.push(`${START_NANOS} < ${parameters.bind("Int64", nanosOf(selection.to))}`);
  return where;
}

function nanosOf(milliseconds: number): bigint {
  return BigInt(Math.round(milliseconds * 1000)) * 1000n;
}

/**
 * WHERE over `trace_summaries` for a whole selection, with its values; of spans, only those of the traces `among` are
 * asked, and only such as began in `oldest` (seconds) or later: it is right for traces that did, and others need not be asked.
 */
export async function traceWhere(
  reader: Reader,
  selection: TraceSelection,
  filter: Filter,
  oldest: number = 0,
  among?: readonly string[],
): Promise<{ where: string; parameters: StatementParameters }> {
  const parameters = new StatementParameters();
  const plain = selectionWhere(selection, oldest, parameters);
  let spans = "1";
  if (asksSpans(filter)) {
    spans = await spanBounds(reader, selection, oldest, parameters);
    if (oldest > 0) spans += ` AND ${startsFrom(oldest, parameters)}`;
    if (among) spans += ` AND ${isOneOf(among, parameters)}`;
  }
  const where = [...plain, compileFilter(filter, { parameters, spans })];
  return { where: where.join(" AND "), parameters };
}

/** SQL for spans that began in a second or later. */
export function startsFrom(seconds: number, parameters: StatementParameters): string {
  return `start_time >= toDateTime64(${parameters.bind("UInt32", seconds)}, 9, 'UTC')`;
}

/** SQL for rows of these traces. One place for each id: only of a plain list does the engine look into its indexes. */
export function isOneOf(traceIds: readonly string[], parameters: StatementParameters): string {
  const ids = traceIds.map((id) => parameters.bind("String", id));
  return ids.length === 0 ? "0" : `trace_id IN (${ids.join(", ")})`;
}

/** Whether any part of a filter is about spans. */
export function asksSpans(filter: Filter): boolean {
  switch (filter.type) {
    case "and":
    case "or":
      return filter.filters.some(asksSpans);
    case "not":
      return asksSpans(filter.filter);
    case "text":
      return true;
    case "match":
    case "number":
      return findFilterField(filter.field)?.scope === "span";
    default:
      return false;
  }
}

/** The filter that all of these conditions make; none of them lets everything pass. */
export function allOf(conditions: readonly FilterCondition[]): Filter {
  return conditions.length > 1 ? { type: "and", filters: conditions } : (conditions[0] ?? { type: "everything" });
}

/** A filter as two that must both hold: what is asked of the traces themselves, and what of their spans. */
export function splitFilter(filter: Filter): { ofTraces: Filter; ofSpans: Filter } {
  const conditions = filter.type === "everything" ? [] : filter.type === "and" ? filter.filters : [filter];
  return {
    ofTraces: allOf(conditions.filter((condition) => !asksSpans(condition))),
    ofSpans: allOf(conditions.filter(asksSpans)),
  };
}

/**
 * SQL over `span_rows` that leaves out hours in which no span of the selected traces is filed. A
 * span is filed under the hour it starts in, or, where its clock is off by days, of its arrival:
 * that is never before its trace's hour, but may be any time after.
 */
export async function spanBounds(
  reader: Reader,
  selection: TraceSelection,
  oldest: number,
  parameters: StatementParameters,
): Promise<string> {
  const own = new StatementParameters();
  const where = selectionWhere(selection, oldest, own);
  const project = selection.project === undefined ? "" : `project = ${parameters.bind("String", selection.project)}`;
  if (selection.from === undefined && oldest === 0) return project || "1";
  const [row] = await reader.rows(
    `SELECT least(intDiv(min(toUnixTimestamp64Nano(start_time)), 1000000000), toInt64(toUnixTimestamp(min(filed_at)))) AS first,
      intDiv(max(toUnixTimestamp64Nano(end_time)), 1000000000) AS last,
      countIf(end_time < filed_at OR start_time < filed_at - toIntervalDay(29)) AS skewed, count() AS traces
    FROM telltale_data.trace_summaries WHERE ${where.join(" AND ")}`,
    own.values,
  );
  if (!row || numberOf(row, "traces") === 0) return "0";
  const bounds = project ? [project] : [];
  const first = Math.max(0, hourOfMilliseconds(numberOf(row, "first") * 1000));
  bounds.push(`hour >= toDateTime(${parameters.bind("UInt32", first)}, 'UTC')`);
  const last = knownNumberOf(row, "last") ?? 0;
  if (numberOf(row, "skewed") === 0 && last < NO_UPPER_BOUND)
    bounds.push(`hour <= toDateTime(${parameters.bind("UInt32", last)}, 'UTC')`);
  return bounds.join(" AND ");
}

/** The end of the engine's 32-bit calendar, in seconds; a clock beyond it bounds nothing. */
const NO_UPPER_BOUND = 4_294_967_295;
