import type { Migration, Table } from "./migration.ts";

const SUMS = [
  "calls",
  "errors",
  "unpriced_calls",
  "input_tokens",
  "output_tokens",
  "cache_read_tokens",
  "cache_write_tokens",
  "reasoning_tokens",
  "cost_nanos",
] as const;

const KEYS = "project, hour, provider, model, service_name, agent_name";

/**
 * Signed sums of billed spans by what has few values; corrections are negative rows, so a sum is always exact. Users,
 * sessions and tags have as many values as there are traces: their spend is read from `trace_summaries`.
 */
const spendHours: Table = {
  name: "spend_hours",
  columns: `
    project LowCardinality(String),
    hour DateTime('UTC'),
    provider LowCardinality(String),
    model LowCardinality(String),
    service_name LowCardinality(String),
    agent_name LowCardinality(String),
    ${SUMS.map((sum) => `${sum} Int64`).join(",\n    ")}
`,
  engine: "SummingMergeTree",
  order: `ORDER BY (${KEYS})`,
  shardBy: "cityHash64(project, hour)",
};

const COPY = `
INSERT INTO telltale_data.spend_hours (${KEYS}, ${SUMS.join(", ")})
SELECT ${KEYS}, ${SUMS.map((sum) => `sum(spend_rows.${sum})`).join(", ")}
FROM telltale_data.spend_rows GROUP BY ${KEYS}`;

const CALLS = "ADD COLUMN IF NOT EXISTS calls UInt32 AFTER span_count";

/** The same version of each summary again, with its calls: of equal versions the one inserted last stays. */
const COUNT_CALLS = `
INSERT INTO telltale_data.trace_summaries
SELECT summaries.* REPLACE (billed.calls AS calls)
FROM telltale_data.trace_summaries AS summaries FINAL
INNER JOIN (
  SELECT project, trace_id, toUInt32(count()) AS calls FROM telltale_data.span_rows
  WHERE billing = 'billed' AND row NOT IN (SELECT row FROM telltale_data.superseded)
  GROUP BY project, trace_id
) AS billed ON billed.project = summaries.project AND billed.trace_id = summaries.trace_id
WHERE summaries.calls = 0`;

/** Spend without users, and how many calls a trace is billed for. What was copied is copied again after a crash. */
export const spendByHour: Migration = {
  number: 4,
  name: "spend by hour",
  tables: [spendHours],
  statements: [
    "TRUNCATE TABLE telltale_data.spend_hours{{local}} {{on cluster}}",
    COPY,
    `ALTER TABLE telltale_data.trace_summaries{{local}} {{on cluster}} ${CALLS}`,
    `ALTER TABLE telltale_data.trace_summaries {{on cluster}} ${CALLS}`,
    COUNT_CALLS,
  ],
};
