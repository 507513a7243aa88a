import { divideHalfEven } from "@telltale/model";
import * as z from "zod";
import type { CostExplanation } from "../api-types.ts";
import { type Query, QueryError, type Row } from "../query.ts";
import { estimatedShare, estimatesSql, shareOf } from "../query/estimated-shares.ts";
import {
  costWhere,
  type CostStatements,
  keptStatements,
  mayBeEstimated,
  WITHOUT_USAGE_WHERE,
} from "../query/kept-costs.ts";
import { NOT_WHOLLY_PRICED } from "../query/lower-bound.ts";
import { decimalOf, numberOf, textOf } from "../query/row-value.ts";
import { StatementParameters } from "../query/statement-parameters.ts";

/** Lines of one answer at most; a month of a fleet has some hundreds. */
const MOST_LINES = 2000;

interface Input {
  readonly traceId?: string | undefined;
  readonly project?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
}

const milliseconds = z.number().min(0).max(4_294_965_600_000);

const input: z.ZodType<Input> = z.strictObject({
  traceId: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional()
    .meta({ description: "Only the calls of this trace; from and to are not needed then" }),
  project: z.string().max(200).optional().meta({ description: "Only this project; every one when absent" }),
  from: milliseconds.optional().meta({ description: "Milliseconds since 1970, to the hour; needed without a trace" }),
  to: milliseconds.optional().meta({ description: "Milliseconds since 1970, to the hour; now when absent" }),
  provider: z.string().max(200).optional(),
  model: z.string().max(400).optional().meta({ description: "The model as spend names it" }),
});

const output: z.ZodType<CostExplanation> = z.object({
  totalNanos: z.string(),
  calls: z.int(),
  unpricedCalls: z.int(),
  roundingNanos: z.string(),
  lines: z.array(
    z.object({
      model: z.string(),
      bucket: z.string(),
      count: z.string(),
      calls: z.int(),
      nanosPerMillion: z.string(),
      nanos: z.string(),
      price: z.string(),
      source: z.string(),
      tier: z.string(),
    }),
  ),
  unknown: z.array(z.object({ model: z.string(), reason: z.string(), calls: z.int() })),
  estimated: estimatedShare.nullable().meta({
    description: "Counted from the text of calls of which nobody told the tokens (`serve --estimates`): in no total",
  }),
  reported: z
    .object({ calls: z.int(), nanos: z.string() })
    .nullable()
    .meta({ description: "What senders claimed that their calls cost, for comparison: in no total" }),
  estimatedBySender: estimatedShare.nullable().meta({
    description: "Calls whose tokens the sender counted itself and not the provider: they are in the total",
  }),
});

/** What a sum of money is made of: counts by price row, and the calls whose cost nobody knows, or not all of it. */
export const cost: Query<Input, CostExplanation> = {
  name: "cost",
  summary: "What the cost of a trace, of a day or of a model is made of: counts, price rows, dates, tiers and sources",
  method: "GET",
  path: "/cost",
  input,
  output,
  async run(request, reader) {
    const { traceId, from } = request;
    if (traceId === undefined && from === undefined)
      throw new QueryError(
        400,
        "bad-input",
        "neither traceId nor from is given",
        "name a trace, or a time to begin at",
      );
    const parameters = new StatementParameters();
    const ofSpans = spansWhere(request, parameters);
    const kept = new StatementParameters();
    // Of one trace the calls themselves are few; of a month they are too many to be read each time.
    const asked = traceId === undefined ? kept : parameters;
    const statements =
      traceId === undefined
        ? keptStatements(costWhere(request, "model", kept).join(" AND "), MOST_LINES)
        : spanStatements(ofSpans);
    const [totals] = await reader.rows(statements.totals, asked.values);
    const lines = await reader.rows(statements.lines, asked.values);
    if (lines.length > MOST_LINES)
      throw new QueryError(413, "too-much", "the cost has too many lines", "ask for a shorter time, or for one model");
    const unknown = await reader.rows(statements.unknown, asked.values);
    const estimated = estimatesSql(traceId === undefined ? `${ofSpans} AND ${WITHOUT_USAGE_WHERE}` : ofSpans);
    const [estimates] =
      traceId !== undefined || mayBeEstimated(unknown) ? await reader.rows(estimated, parameters.values) : [];
    const shares = {
      estimated: shareOf(estimates, "own"),
      estimatedBySender: shareOf(traceId === undefined ? totals : estimates, "sender"),
    };
    return { ...answerOf(totals ?? {}, lines, unknown), ...shares };
  },
};

function spansWhere(request: Input, parameters: StatementParameters): string {
  const where = ["billing = 'billed'", "row NOT IN (SELECT row FROM telltale_data.superseded)"];
  if (request.traceId !== undefined) where.push(`trace_id = ${parameters.bind("String", request.traceId)}`);
  return [...where, ...costWhere(request, MODEL, parameters)].join(" AND ");
}

/** The model that spend files a call under. */
const MODEL = "if(response_model = '', request_model, response_model)";

const REPORTED = "JSONExtractString(cost, 'reported', 'nanos')";

/** Over the calls themselves. Calls whose cost is unknown are left out of the lines, as are their lines that have a price: they are in no sum. */
function spanStatements(where: string): CostStatements {
  const fields =
    "model String, bucket String, tokens UInt64, nanosPerMillion String, price String, source String, tier String";
  return {
    totals: `SELECT toString(sum(cost_nanos)) AS nanos, toString(count()) AS calls,
        toString(countIf(${NOT_WHOLLY_PRICED})) AS unpriced,
        toString(countIf(${REPORTED} != '')) AS reported_calls,
        toString(sum(toInt64OrZero(${REPORTED}))) AS reported_nanos
      FROM telltale_data.span_rows WHERE ${where}`,
    lines: `SELECT line.model AS model, line.bucket AS bucket, line.price AS price, line.source AS source, line.tier AS tier,
        line.nanosPerMillion AS each, toString(sum(line.tokens)) AS count, toString(uniqExact(row)) AS calls
      FROM (
        SELECT row, arrayJoin(JSONExtract(cost, 'lines', 'Array(Tuple(${fields}))')) AS line
        FROM telltale_data.span_rows WHERE ${where} AND cost_nanos IS NOT NULL
      )
      GROUP BY model, bucket, price, source, tier, each
      ORDER BY sum(toFloat64(line.tokens)) * toFloat64(each) DESC, model, bucket, price, tier, each
      LIMIT ${MOST_LINES + 1}`,
    unknown: `SELECT ${MODEL} AS model, JSONExtractString(cost, 'reason') AS reason, toString(count()) AS calls
      FROM telltale_data.span_rows WHERE ${where} AND ${NOT_WHOLLY_PRICED}
      GROUP BY model, reason ORDER BY count() DESC, model, reason LIMIT ${MOST_LINES}`,
  };
}

function answerOf(
  totals: Row,
  rows: readonly Row[],
  unknown: readonly Row[],
): Omit<CostExplanation, "estimated" | "estimatedBySender"> {
  let exact = 0n;
  const lines = rows.map((row) => {
    const amount = BigInt(textOf(row, "count")) * BigInt(textOf(row, "each"));
    exact += amount;
    return {
      model: textOf(row, "model"),
      bucket: textOf(row, "bucket"),
      count: textOf(row, "count"),
      calls: numberOf(row, "calls"),
      nanosPerMillion: textOf(row, "each"),
      nanos: divideHalfEven(amount, 1_000_000n).toString(),
      price: textOf(row, "price"),
      source: textOf(row, "source"),
      tier: textOf(row, "tier"),
    };
  });
  const totalNanos = decimalOf(totals, "nanos") ?? "0";
  const reportedCalls = numberOf(totals, "reported_calls");
  return {
    totalNanos,
    calls: numberOf(totals, "calls"),
    unpricedCalls: numberOf(totals, "unpriced"),
    reported: reportedCalls === 0 ? null : { calls: reportedCalls, nanos: decimalOf(totals, "reported_nanos") ?? "0" },
    roundingNanos: (BigInt(totalNanos) - divideHalfEven(exact, 1_000_000n)).toString(),
    lines,
    unknown: unknown.map((row) => ({
      model: textOf(row, "model"),
      reason: textOf(row, "reason"),
      calls: numberOf(row, "calls"),
    })),
  };
}
