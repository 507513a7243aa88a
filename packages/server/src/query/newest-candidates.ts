import type { Filter } from "@telltale/model";
import type { Reader } from "../query.ts";
import { compileText } from "./compile-text.ts";
import { ONE_THREAD } from "./read-hints.ts";
import { numberOf, textOf } from "./row-value.ts";
import { StatementParameters } from "./statement-parameters.ts";
import { allOf, selectionWhere, spanBounds, START_NANOS, startsFrom, type TraceSelection } from "./trace-selection.ts";

/** A word stands in several spans of a trace. */
const SPANS_PER_TRACE = 16;

/** Traces among which the newest that pass a filter are. */
export interface Candidates {
  /** Those with the latest row first; a trace begins at that row (nanoseconds since 1970) or before. */
  readonly traces: readonly { readonly traceId: string; readonly latest: bigint }[];
  /** A trace that passes and is not among them began before this (nanoseconds since 1970); 0 when all are there. */
  readonly certainFrom: bigint;
  /** What is left of the filter to be asked of them. */
  readonly rest: Filter;
}

/**
 * For a filter that asks for words: the newest rows that have them, straight from the tables. No version is left out
 * and nothing is merged for it. A summary begins when the earliest of its spans begins, so no trace begins later than
 * any row that tells of it. Rows of before `oldest` (seconds) are left out; 0 asks all. `undefined` for other filters.
 */
export async function newestCandidates(
  selection: TraceSelection,
  filter: Filter,
  limit: number,
  oldest: number,
  reader: Reader,
): Promise<Candidates | undefined> {
  const { text, rest } = withoutText(filter);
  if (text === undefined) return undefined;
  const parameters = new StatementParameters();
  const most = limit * SPANS_PER_TRACE;
  const all = await spanBounds(reader, selection, 0, parameters);
  const bounds = oldest === 0 ? all : `${all} AND ${newerThan(oldest, parameters)}`;
  const named = [...selectionWhere(selection, oldest, parameters), compileText("root_name", text, parameters)];
  const found = ["input", "output"].map((column) => compileText(column, text, parameters)).join(" OR ");
  const branches = [
    `SELECT ${START_NANOS} AS key, trace_id, toUInt64(0) AS row FROM telltale_data.trace_summaries WHERE ${named.join(" AND ")} ORDER BY key DESC LIMIT ${most}`,
    `SELECT toUnixTimestamp64Nano(start_time) AS key, trace_id, row FROM telltale_data.span_rows WHERE (${found}) AND ${bounds} ORDER BY key DESC LIMIT ${most}`,
  ];
  const both = branches.map((branch) => `SELECT key, trace_id, row FROM (${branch})`).join(" UNION ALL ");
  // Outdated rows are told apart last: of all that have the words it would cost as much as finding them.
  const rows = await reader.rows(
    `SELECT toString(min(key)) AS earliest, count() AS rows, trace_id, toString(max(key)) AS latest,
      countIf(row NOT IN (SELECT row FROM telltale_data.superseded)) AS valid
    FROM (SELECT key, trace_id, row FROM (${both}) ORDER BY key DESC LIMIT ${most})
    GROUP BY trace_id ORDER BY max(key) DESC ${oldest === 0 ? "" : ONE_THREAD}`,
    parameters.values,
  );
  const complete = rows.reduce((sum, row) => sum + numberOf(row, "rows"), 0) < most;
  const earliest = rows.map((row) => BigInt(textOf(row, "earliest"))).reduce((a, b) => (b < a ? b : a), NEVER);
  const traces = rows
    .filter((row) => numberOf(row, "valid") > 0)
    .map((row) => ({ traceId: textOf(row, "trace_id"), latest: BigInt(textOf(row, "latest")) }));
  return { traces, certainFrom: complete ? BigInt(oldest) * 1_000_000_000n : earliest, rest };
}

/** By start for parts of the same hour, by hour within a part. A span of a clock far ahead is filed before: its trace began before, too. */
function newerThan(seconds: number, parameters: StatementParameters): string {
  const hour = parameters.bind("UInt32", seconds - (seconds % 3600));
  return `${startsFrom(seconds, parameters)} AND hour >= toDateTime(${hour}, 'UTC')`;
}

/** Later than any time of the engine. */
const NEVER = 2n ** 63n - 1n;

/** The first `most` of some candidates; the others began no later than their latest row. */
export function firstOf(all: Candidates, most: number): Candidates {
  const next = all.traces[most];
  if (!next) return all;
  return { ...all, traces: all.traces.slice(0, most), certainFrom: next.latest + 1n };
}

/** Whether every trace of the answer has to have some words. */
export function asksForWords(filter: Filter): boolean {
  return withoutText(filter).text !== undefined;
}

/** The words that every trace of the answer must have, and the filter without them. */
function withoutText(filter: Filter): { text: string | undefined; rest: Filter } {
  if (filter.type === "text") return { text: filter.text, rest: { type: "everything" } };
  if (filter.type !== "and") return { text: undefined, rest: filter };
  const found = filter.filters.find((part) => part.type === "text");
  if (found?.type !== "text") return { text: undefined, rest: filter };
  return { text: found.text, rest: allOf(filter.filters.filter((part) => part !== found)) };
}
