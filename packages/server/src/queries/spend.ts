import * as z from "zod";
import type { Spend } from "../api-types.ts";
import { type Query, QueryError, type Reader, type Row } from "../query.ts";
import { estimatedShare, estimatesSql, shareOf } from "../query/estimated-shares.ts";
import { unestimatedSql, WITHOUT_USAGE_WHERE } from "../query/kept-costs.ts";
import { decimalOf, numberOf, textOf } from "../query/row-value.ts";
import {
  CALL_KEYS,
  type CallKey,
  isTraceKey,
  SPEND_SUMS,
  type SpendSum,
  TRACE_KEYS,
  type TraceKey,
  traceSum,
  UNSENT_ROWS,
  unsentSum,
} from "../query/spend-sums.ts";
import { StatementParameters } from "../query/statement-parameters.ts";
import { hourOfMilliseconds } from "../query/trace-selection.ts";

type Key = CallKey | TraceKey;

/** Seconds of a bucket and how many are shown when nobody says from when. */
const INTERVALS = { hour: { seconds: 3600, shown: 7 * 24 }, day: { seconds: 86_400, shown: 30 } } as const;

/** Points of one series at most: more than a screen has, and 90 days of hours. */
const MAX_BUCKETS = 2_200;

interface Input {
  readonly by: Key;
  readonly interval: "hour" | "day";
  readonly project?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly limit: number;
}

const milliseconds = z.number().min(0).max(4_294_965_600_000);

const input: z.ZodType<Input> = z.strictObject({
  by: z.enum(["model", "provider", "service", "agent", "project", "user", "session", "tag"]).default("model").meta({
    description:
      "By user, session and tag a trace counts whole, in the hour in which it began; with several tags under each of them",
  }),
  interval: z.enum(["hour", "day"]).default("day"),
  project: z.string().max(200).optional().meta({ description: "Only this project; every one when absent" }),
  from: milliseconds
    .optional()
    .meta({ description: "Milliseconds since 1970; 30 days or 7 days of hours before `to` when absent" }),
  to: milliseconds.optional().meta({ description: "Milliseconds since 1970; now when absent" }),
  limit: z
    .int()
    .min(1)
    .max(100)
    .default(20)
    .meta({ description: "Series at most; the others come summed up as `other`" }),
});

const known = z.array(z.number().nullable());
const series = z.object({
  key: z.string(),
  costNanos: z.array(z.string().nullable()),
  calls: known,
  inputTokens: known,
  outputTokens: known,
  unpricedCalls: z.int(),
  totalNanos: z.string(),
});

const output: z.ZodType<Spend> = z.object({
  by: z.string(),
  interval: z.enum(["hour", "day"]),
  times: z.array(z.number()),
  series: z.array(series),
  other: series.nullable(),
  seriesTotal: z.int(),
  unsent: z.object({ calls: z.number(), costNanos: z.string() }).nullable(),
  estimated: estimatedShare.nullable().meta({
    description: "Counted from the text of calls of which nobody told the tokens (`serve --estimates`): in no series",
  }),
});

/** Billed cost, calls and tokens over time. */
export const spend: Query<Input, Spend> = {
  name: "spend",
  summary: "Spend over time by model, provider, service, agent, project, user, session or tag",
  method: "GET",
  path: "/spend",
  input,
  output,
  async run(request, reader) {
    const range = rangeOf(request);
    const parameters = new StatementParameters();
    const first = `toDateTime(${parameters.bind("UInt32", range.first)}, 'UTC')`;
    const end = `toDateTime(${parameters.bind("UInt32", range.end)}, 'UTC')`;
    const project = request.project === undefined ? "" : ` AND project = ${parameters.bind("String", request.project)}`;
    const where = (time: string): string => `${time} >= ${first} AND ${time} < ${end}${project}`;
    const limit = parameters.bind("UInt32", request.limit);
    const step = parameters.bind("UInt32", INTERVALS[request.interval].seconds);
    const from = sourceOf(request.by, where, step);
    // None of them waits for another: a page shows them together.
    const [rows, unsent, estimated] = await Promise.all([
      reader.rows(spendSql(from, limit), parameters.values),
      reader.rows(unsentSql(where("hour")), parameters.values),
      estimatedIn(where("hour"), parameters, reader),
    ]);
    return { ...answerOf(request, range, rows), unsent: unsentOf(unsent[0]), estimated };
  },
};

const eachSum = (sql: (sum: SpendSum) => string): string => SPEND_SUMS.map((sum) => `${sql(sum)} AS ${sum}`).join(", ");

/** What stands beside the spend: the estimates of calls without usage, where there are any. */
async function estimatedIn(
  where: string,
  parameters: StatementParameters,
  reader: Reader,
): Promise<Spend["estimated"]> {
  const [row] = await reader.rows(unestimatedSql(where), parameters.values);
  if (row === undefined || numberOf(row, "calls") === 0) return null;
  const current = "billing = 'billed' AND row NOT IN (SELECT row FROM telltale_data.superseded)";
  const sql = estimatesSql(`${current} AND ${where} AND ${WITHOUT_USAGE_WHERE}`);
  const [estimates] = await reader.rows(sql, parameters.values);
  return shareOf(estimates, "own");
}

/** What is summed up: rows of a key, the start of a bucket and the sums. */
function sourceOf(by: Key, where: (time: string) => string, step: string): string {
  const start = (time: string): string => `intDiv(toUnixTimestamp(${time}), ${step}) * ${step} AS time`;
  if (!isTraceKey(by))
    return `SELECT ${CALL_KEYS[by]} AS key, ${start("hour")}, ${SPEND_SUMS.join(", ")}
      FROM telltale_data.spend_hours WHERE ${where("hour")}`;
  return `SELECT ${TRACE_KEYS[by]} AS key, ${start("filed_at")}, ${eachSum(traceSum)}
      FROM telltale_data.trace_summaries FINAL WHERE ${where("filed_at")}
    UNION ALL
    SELECT '' AS key, ${start("hour")}, ${eachSum(unsentSum)}
      FROM telltale_data.metric_rows WHERE ${where("hour")} AND ${UNSENT_ROWS}`;
}

/**
 * Keys beyond the dearest are one series, summed by the engine; rows that cancelled out are none. Keys are ranked with
 * their buckets in an array: by window functions over the buckets it takes half as long again for 120,000 traces.
 */
function spendSql(from: string, limit: string): string {
  const summed = SPEND_SUMS.map((sum, index) => `toString(sum(bucket.${index + 2})) AS ${sum}`).join(", ");
  return `SELECT if(rank <= ${limit}, key, '') AS series, least(rank, ${limit} + 1) AS place, any(keys) AS key_count,
      bucket.1 AS time, ${summed}
    FROM (
      SELECT key, buckets, row_number() OVER (ORDER BY total DESC, key) AS rank, count() OVER () AS keys
      FROM (
        SELECT key, sum(cost_nanos) AS total, groupArray(tuple(time, ${SPEND_SUMS.join(", ")})) AS buckets
        FROM (
          SELECT key, time, ${eachSum((sum) => `sum(told.${sum})`)}
          FROM (${from}) AS told GROUP BY key, time HAVING calls != 0
        )
        GROUP BY key
      )
    ) ARRAY JOIN buckets AS bucket GROUP BY series, place, time ORDER BY place, time`;
}

/** What SDKs told that they did not send; the engine added it to the spend. */
function unsentSql(where: string): string {
  const sum = (name: string): string => `toString(toInt64(sumIf(value, name = 'telltale.unsent.${name}')))`;
  return `SELECT ${sum("calls")} AS calls, ${sum("cost")} AS cost_nanos
    FROM telltale_data.metric_rows
    WHERE ${where} AND type = 'sum' AND name IN ('telltale.unsent.calls', 'telltale.unsent.cost')`;
}

function unsentOf(row: Row | undefined): Spend["unsent"] {
  const calls = row === undefined ? 0 : numberOf(row, "calls");
  return row === undefined || calls === 0 ? null : { calls, costNanos: decimalOf(row, "cost_nanos") ?? "0" };
}

interface Range {
  /** Seconds: the start of the first bucket, and of the one behind the last. */
  readonly first: number;
  readonly end: number;
  readonly step: number;
}

function rangeOf(request: Input): Range {
  const { seconds: step, shown } = INTERVALS[request.interval];
  const last = (request.to === undefined ? Date.now() : Math.max(request.to - 1, 0)) / 1000;
  const end = (Math.floor(last / step) + 1) * step;
  const first = request.from === undefined ? end - shown * step : hourOfMilliseconds(request.from);
  const aligned = Math.max(0, Math.floor(first / step) * step);
  if (aligned >= end) throw new QueryError(400, "bad-input", "from is not before to", "exchange them");
  if ((end - aligned) / step > MAX_BUCKETS)
    throw new QueryError(
      400,
      "bad-input",
      `from and to are more than ${MAX_BUCKETS} ${request.interval}s apart`,
      request.interval === "hour" ? "ask by day, or for less time" : "ask for less time",
    );
  return { first: aligned, end, step };
}

type Series = Spend["series"][number];

function answerOf(request: Input, range: Range, rows: readonly Row[]): Omit<Spend, "unsent" | "estimated"> {
  const count = (range.end - range.first) / range.step;
  const byPlace = new Map<number, Series>();
  for (const row of rows) {
    const place = numberOf(row, "place");
    let found = byPlace.get(place);
    if (!found) byPlace.set(place, (found = emptySeries(textOf(row, "series"), count)));
    addBucket(found, (numberOf(row, "time") - range.first) / range.step, row);
  }
  return {
    by: request.by,
    interval: request.interval,
    times: Array.from({ length: count }, (_, index) => (range.first + index * range.step) * 1000),
    series: [...byPlace].filter(([place]) => place <= request.limit).map(([, found]) => found),
    other: byPlace.get(request.limit + 1) ?? null,
    seriesTotal: rows[0] ? numberOf(rows[0], "key_count") : 0,
  };
}

function emptySeries(key: string, count: number): Series {
  const gaps = (): null[] => Array.from({ length: count }, () => null);
  return {
    key,
    costNanos: gaps(),
    calls: gaps(),
    inputTokens: gaps(),
    outputTokens: gaps(),
    unpricedCalls: 0,
    totalNanos: "0",
  };
}

/** Where no call has a known price the cost is unknown, not 0; so are tokens of which no call told any. */
function addBucket(series: Series, bucket: number, row: Row): void {
  const calls = numberOf(row, "calls");
  const unpriced = numberOf(row, "unpriced_calls");
  const nanos = decimalOf(row, "cost_nanos") ?? "0";
  series.costNanos[bucket] = unpriced >= calls && nanos === "0" ? null : nanos;
  series.calls[bucket] = calls;
  series.inputTokens[bucket] = numberOf(row, "input_tokens") || null;
  series.outputTokens[bucket] = numberOf(row, "output_tokens") || null;
  series.unpricedCalls += unpriced;
  series.totalNanos = (BigInt(series.totalNanos) + BigInt(nanos)).toString();
}
