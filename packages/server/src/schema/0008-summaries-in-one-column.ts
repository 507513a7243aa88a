import type { Migration } from "./migration.ts";

/**
 * A summary as the list shows it, in one column: reading each of 21 columns for a page costs some 0.3 ms, whatever is in it
 * (12 and 6 ms for a page of 50 at a hundred thousand traces). An array, in the order that `query/trace-summary.ts` reads;
 * numbers of 64 bits are text. Rows of before compute it when they are read, and are merged with it.
 */
const SUMMARY = `toJSONString((
    root_name, root_kind, service_name, toString(toUnixTimestamp64Nano(start_time)), toString(toUnixTimestamp64Nano(end_time)),
    status, span_count, llm_calls, tool_calls, error_count, toString(input_tokens), toString(output_tokens),
    toString(cost_nanos), unpriced_calls, models, agents, tags, session_id, user_id, input_preview, output_preview))`;

const COLUMN = `ADD COLUMN IF NOT EXISTS summary String DEFAULT ${SUMMARY} CODEC(ZSTD(1))`;

/** What a page shows of a trace, read at once. */
export const summariesInOneColumn: Migration = {
  number: 8,
  name: "summaries in one column",
  tables: [],
  statements: [
    `ALTER TABLE telltale_data.trace_summaries{{local}} {{on cluster}} ${COLUMN}`,
    `ALTER TABLE telltale_data.trace_summaries {{on cluster}} ${COLUMN}`,
  ],
};
