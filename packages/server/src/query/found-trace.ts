import type { TraceSummary } from "../api-types.ts";
import type { Reader } from "../query.ts";
import { ONE_THREAD } from "./read-hints.ts";
import { numberOf } from "./row-value.ts";
import { SUMMARY_COLUMNS, summaryOf } from "./trace-summary.ts";

/** A trace, and the hours that its spans are filed under but for those of a clock that is off: seconds since 1970. */
export interface FoundTrace {
  readonly summary: TraceSummary;
  readonly firstHour: number;
  readonly lastHour: number;
}

/** The last hour of the engine's 32-bit calendar, in seconds. */
const LAST_HOUR = 4_294_965_600;

/** These traces, in no order; those that do not exist are left out. Of projects that share an id, the one that was last. */
export async function findTraces(
  ids: readonly string[],
  project: string | undefined,
  reader: Reader,
): Promise<readonly FoundTrace[]> {
  if (ids.length === 0) return [];
  const rows = await reader.rows(
    `SELECT ${SUMMARY_COLUMNS},
      least(intDiv(toUnixTimestamp64Nano(start_time), 3600000000000) * 3600, intDiv(toInt64(toUnixTimestamp(filed_at)), 3600) * 3600) AS first_hour,
      greatest(intDiv(toUnixTimestamp64Nano(end_time), 3600000000000) * 3600, toInt64(toUnixTimestamp(filed_at))) AS last_hour
    FROM telltale_data.trace_summaries WHERE trace_id IN {ids:Array(String)} AND {project:String} IN ('', project)
    ORDER BY row DESC LIMIT 1 BY trace_id ${ONE_THREAD}`,
    { ids, project: project ?? "" },
  );
  return rows.map((row) => ({
    summary: summaryOf(row),
    firstHour: Math.max(0, numberOf(row, "first_hour")),
    lastHour: Math.min(numberOf(row, "last_hour"), LAST_HOUR),
  }));
}
