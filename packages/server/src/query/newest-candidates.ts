import type { Filter, FilterCondition } from "@telltale/model";
import type { Reader } from "../query.ts";
import { compileText } from "./compile-text.ts";
import { numberOf, textOf } from "./row-value.ts";
import { StatementParameters } from "./statement-parameters.ts";
import { selectionWhere, spanBounds, START_NANOS, type TraceSelection } from "./trace-selection.ts";

/** A word stands in several spans of a trace. */
const SPANS_PER_TRACE = 16;

/** Traces among which the newest that pass a filter are. */
export interface Candidates {
  readonly traceIds: readonly string[];
  /** A trace that passes and is not among them began before this (nanoseconds since 1970); 0 when all are there. */
  readonly certainFrom: bigint;
  /** What is left of the filter to be asked of them. */
  readonly rest: Filter;
}

/**
 * For a filter that asks for words: the newest rows that have them, straight from the tables. No version is left out
 * and nothing is merged for it. A summary begins when the earliest of its spans begins, so no trace begins later than
 * any row that tells of it. `undefined` for other filters.
 */
export async function newestCandidates(
  selection: TraceSelection,
  filter: Filter,
  limit: number,
  reader: Reader,
): Promise<Candidates | undefined> {
  const { text, rest } = withoutText(filter);
  if (text === undefined) return undefined;
  const parameters = new StatementParameters();
  const most = limit * SPANS_PER_TRACE;
  const bounds = await spanBounds(reader, selection, 0, parameters);
  const traces = [...selectionWhere(selection, 0, parameters), compileText("root_name", text, parameters)];
  const found = ["input", "output"].map((column) => compileText(column, text, parameters)).join(" OR ");
  const branches = [
    `SELECT ${START_NANOS} AS key, trace_id FROM telltale_data.trace_summaries WHERE ${traces.join(" AND ")} ORDER BY key DESC LIMIT ${most}`,
    `SELECT toUnixTimestamp64Nano(start_time) AS key, trace_id FROM telltale_data.span_rows WHERE (${found}) AND ${bounds}` +
      ` AND row NOT IN (SELECT row FROM telltale_data.superseded) ORDER BY key DESC LIMIT ${most}`,
  ];
  const sql = branches.map((branch) => `SELECT key, trace_id FROM (${branch})`).join(" UNION ALL ");
  const rows = await reader.rows(
    `SELECT toString(min(key)) AS earliest, count() AS found, groupUniqArray(trace_id) AS ids FROM (SELECT key, trace_id FROM (${sql}) ORDER BY key DESC LIMIT ${most})`,
    parameters.values,
  );
  const [row] = rows;
  if (!row) return undefined;
  const complete = numberOf(row, "found") < most;
  const traceIds = row["ids"] as readonly string[];
  return { traceIds, certainFrom: complete ? 0n : BigInt(textOf(row, "earliest")), rest };
}

/** The words that every trace of the answer must have, and the filter without them. */
function withoutText(filter: Filter): { text: string | undefined; rest: Filter } {
  if (filter.type === "text") return { text: filter.text, rest: { type: "everything" } };
  if (filter.type !== "and") return { text: undefined, rest: filter };
  const found = filter.filters.find((part) => part.type === "text");
  if (found?.type !== "text") return { text: undefined, rest: filter };
  const others: readonly FilterCondition[] = filter.filters.filter((part) => part !== found);
  return { text: found.text, rest: others.length === 1 ? others[0]! : { type: "and", filters: others } };
}
