import { traceRows } from "./0001-spans.ts";
import type { Migration, Table } from "./migration.ts";
import { searchText } from "./search-text.ts";

/**
 * One row per version of a trace's summary. `filed_at` is the second in which the first of its spans to
 * arrive began: it never changes, so versions meet, and the newest traces lie together at the end of each part.
 * Small granules: a page is fifty rows.
 */
const traceSummaries: Table = {
  name: "trace_summaries",
  columns: `${traceRows.columns.replace("bucket DateTime('UTC')", "filed_at DateTime('UTC') CODEC(Delta, ZSTD(1))").trimEnd()},
    -- As over the content of spans: a search for words reads neither.
    INDEX root_name_text ${searchText("root_name")} TYPE text(tokenizer = 'splitByNonAlpha')
`,
  engine: "ReplacingMergeTree(row)",
  order: "PARTITION BY toYYYYMMDD(filed_at) ORDER BY (filed_at, project, trace_id)",
  settings: { index_granularity: 256 },
  shardBy: "cityHash64(trace_id)",
};

/** Only newest versions are copied: an older one may begin later and would be filed elsewhere. */
const COPY = `
INSERT INTO telltale_data.trace_summaries
SELECT * REPLACE (if(toStartOfHour(start_time) = bucket, toDateTime(start_time, 'UTC'), bucket) AS bucket)
FROM telltale_data.trace_rows FINAL`;

const TRACES = `
CREATE OR REPLACE VIEW telltale_v1.traces {{on cluster}} AS
SELECT
    trace_id, project, root_name, start_time,
    greatest(toUnixTimestamp64Nano(end_time) - toUnixTimestamp64Nano(start_time), 0) / 1e6 AS duration_ms,
    status, span_count, llm_calls, tool_calls, error_count,
    input_tokens, output_tokens,
    if(input_tokens IS NULL AND output_tokens IS NULL, NULL, ifNull(input_tokens, 0) + ifNull(output_tokens, 0)) AS total_tokens,
    toDecimal128(cost_nanos, 9) / 1000000000 AS cost_usd,
    models, session_id, user_id
FROM telltale_data.trace_summaries FINAL`;

/**
 * Summaries sorted by second instead of by hour and id. The old table is made again, empty, when the step is
 * repeated after a crash that came behind its removal.
 */
export const tracesByTime: Migration = {
  number: 3,
  name: "traces by time",
  tables: [traceRows, traceSummaries],
  statements: [
    COPY,
    TRACES,
    "DROP TABLE IF EXISTS telltale_data.trace_rows {{on cluster}}",
    "DROP TABLE IF EXISTS telltale_data.trace_rows_local {{on cluster}}",
  ],
};
