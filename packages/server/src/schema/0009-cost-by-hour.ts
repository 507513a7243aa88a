import { NOT_WHOLLY_PRICED } from "../query/lower-bound.ts";
import type { Migration, Table } from "./migration.ts";

/**
 * What costs are made of, as signed sums by hour: a month of a million calls is some thousand rows instead of a million
 * texts of JSON. Kinds: `engine/cost-row.ts`.
 */
const costHours: Table = {
  name: "cost_hours",
  columns: `
    project LowCardinality(String),
    hour DateTime('UTC'),
    provider LowCardinality(String),
    model LowCardinality(String),
    kind LowCardinality(String),
    about LowCardinality(String),
    bucket LowCardinality(String),
    price LowCardinality(String),
    source LowCardinality(String),
    tier LowCardinality(String),
    each Int64,
    calls Int64,
    amount Int64,
    input_tokens Int64,
    output_tokens Int64,
    unpriced_calls Int64
`,
  engine: "SummingMergeTree",
  order: "ORDER BY (project, hour, provider, model, kind, about, bucket, price, source, tier, each)",
  shardBy: "cityHash64(project, hour)",
};

const BILLED = `FROM telltale_data.span_rows
WHERE billing = 'billed' AND {{settled}}`;
const MODEL = "if(response_model = '', request_model, response_model)";
const REPORTED = "JSONExtractString(cost, 'reported', 'nanos')";
const LINE =
  "Tuple(model String, bucket String, tokens UInt64, nanosPerMillion String, price String, source String, tier String)";

/** Copies one kind; `columns` are what it tells beside its keys. */
function copyOf(kind: string, columns: Readonly<Record<string, string>>, condition = ""): string {
  const names = Object.keys(columns);
  const sums = new Set(["calls", "amount", "input_tokens", "output_tokens", "unpriced_calls"]);
  const groups = names.filter((name) => !sums.has(name));
  const keys = ["project", "hour", "provider", "of_model", ...groups.map((name) => `told_${name}`)];
  return `
INSERT INTO telltale_data.cost_hours (project, hour, provider, model, kind, ${names.join(", ")})
SELECT project, hour, provider, ${MODEL} AS of_model, '${kind}', ${names.map((name) => `${columns[name]} AS told_${name}`).join(", ")}
${BILLED}${condition} GROUP BY ${keys.join(", ")}`;
}

const LINES = `
INSERT INTO telltale_data.cost_hours (project, hour, provider, model, kind, about, bucket, price, source, tier, each, calls, amount)
SELECT project, hour, provider, of_model, 'line', line.model, line.bucket, line.price, line.source, line.tier,
  toInt64OrZero(line.nanosPerMillion) AS each, uniqExact(row), sum(line.tokens)
FROM (
  SELECT row, project, hour, provider, ${MODEL} AS of_model, arrayJoin(JSONExtract(cost, 'lines', 'Array(${LINE})')) AS line
  ${BILLED} AND cost_nanos IS NOT NULL
)
GROUP BY project, hour, provider, of_model, line.model, line.bucket, line.price, line.source, line.tier, each`;

/** What costs are made of, by the hour. What was copied is copied again after a crash. */
export const costByHour: Migration = {
  number: 9,
  name: "cost by hour",
  tables: [costHours],
  statements: [
    "TRUNCATE TABLE telltale_data.cost_hours{{local}} {{on cluster}}",
    copyOf("call", { calls: "count()", amount: "sum(ifNull(cost_nanos, 0))" }),
    copyOf("unknown", { about: "JSONExtractString(cost, 'reason')", calls: "count()" }, ` AND ${NOT_WHOLLY_PRICED}`),
    copyOf("reported", { calls: "count()", amount: `sum(toInt64OrZero(${REPORTED}))` }, ` AND ${REPORTED} != ''`),
    copyOf(
      "sender",
      {
        calls: "count()",
        amount: "sum(ifNull(cost_nanos, 0))",
        input_tokens: "sum(ifNull(span_rows.input_tokens, 0))",
        output_tokens: "sum(ifNull(span_rows.output_tokens, 0))",
        unpriced_calls: `countIf(${NOT_WHOLLY_PRICED})`,
      },
      ` AND usage LIKE '%"quality":"estimated"%'`,
    ),
    LINES,
  ],
};
