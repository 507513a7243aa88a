import type { Reader, Row } from "../query.ts";
import { decimalOf, numberOf, textOf } from "../query/row-value.ts";
import { CALL_KEYS, isTraceKey, TRACE_KEYS, traceSum, UNSENT_ROWS, unsentSum } from "../query/spend-sums.ts";
import { StatementParameters } from "../query/statement-parameters.ts";
import { type Budget, sumsOf } from "./budget.ts";
import type { BudgetTime } from "./budget-time.ts";

/** What was spent: of a budget, or of one value of its key. */
export interface Spent {
  readonly nanos: bigint;
  readonly calls: number;
  /** Calls whose cost nobody knows: with any, the sum is a lower bound. */
  readonly unpricedCalls: number;
}

/** What was spent by each value of a key. */
export interface SpentByValue {
  /** The dearest first, as many as were asked for. */
  readonly values: readonly (Spent & { readonly value: string })[];
  /** How many values there are. */
  readonly count: number;
  /** How many of them have spent the amount. */
  readonly over: number;
  /** How many more have reached `nearNanos`. */
  readonly near: number;
  /** By calls that name no value, so that it is in nobody's budget. */
  readonly unnamed: Spent | undefined;
}

const SUMS = ["cost_nanos", "calls", "unpriced_calls"] as const;

/** Reads what budgets spent that have their whole amount for all; of one kind of sums and one period, with one statement. */
export async function readSpent(
  reader: Reader,
  budgets: readonly Budget[],
  time: BudgetTime | undefined,
): Promise<readonly Spent[]> {
  const [first] = budgets;
  if (!first) return [];
  const parameters = new StatementParameters();
  const isOfCalls = sumsOf(first) === "calls";
  const sums = budgets.flatMap(({ covers }, index) =>
    SUMS.map((sum) => {
      const amount = isOfCalls ? sum : traceSum(sum);
      return `toString(sumIf(${amount}, ${conditionOf(covers, parameters)})) AS ${sum}_${index}`;
    }),
  );
  const [table, column] = isOfCalls ? ["spend_hours", "hour"] : ["trace_summaries FINAL", "filed_at"];
  const [row = {}] = await reader.rows(
    `SELECT ${sums.join(", ")} FROM telltale_data.${table} WHERE ${inTime(column, time, parameters)}`,
    parameters.values,
  );
  return budgets.map((_, index) => spentOf(row, `_${index}`));
}

/** Reads what was spent by each value of a budget's key. */
export async function readSpentByValue(
  reader: Reader,
  budget: Budget,
  time: BudgetTime | undefined,
  { nearNanos, limit }: { readonly nearNanos: bigint; readonly limit: number },
): Promise<SpentByValue> {
  const parameters = new StatementParameters();
  const amount = parameters.bind("Int64", budget.amountNanos);
  const near = parameters.bind("Int64", nearNanos);
  const rows = await reader.rows(
    `SELECT key, ${SUMS.map((sum) => `toString(${sum}) AS ${sum}_told`).join(", ")},
      countIf(key != '') OVER () AS keys,
      countIf(key != '' AND cost_nanos >= ${amount}) OVER () AS over_count,
      countIf(key != '' AND cost_nanos >= ${near} AND cost_nanos < ${amount}) OVER () AS near_count
    FROM (
      SELECT key, ${SUMS.map((sum) => `sum(told.${sum}) AS ${sum}`).join(", ")}
      FROM (${sourceOf(budget, time, parameters)}) AS told GROUP BY key HAVING calls != 0
    )
    ORDER BY key = '' DESC, cost_nanos DESC, key
    LIMIT ${parameters.bind("UInt32", limit + 1)}`,
    parameters.values,
  );
  const unnamed = rows.find((row) => textOf(row, "key") === "");
  const [counts = {}] = rows;
  return {
    values: rows
      .filter((row) => row !== unnamed)
      .slice(0, limit)
      .map((row) => ({ value: textOf(row, "key"), ...spentOf(row, "_told") })),
    count: numberOf(counts, "keys"),
    over: numberOf(counts, "over_count"),
    near: numberOf(counts, "near_count"),
    unnamed: unnamed && spentOf(unnamed, "_told"),
  };
}

/** Rows of a key's value and the sums. What a sampling SDK did not send has no traces, and so names no user. */
function sourceOf(budget: Budget, time: BudgetTime | undefined, parameters: StatementParameters): string {
  const { covers, each = "project" } = budget;
  const passes = conditionOf(covers, parameters);
  const where = (column: string): string => `${inTime(column, time, parameters)} AND ${passes}`;
  if (sumsOf(budget) === "calls")
    return `SELECT ${isTraceKey(each) ? "''" : CALL_KEYS[each]} AS key, ${SUMS.join(", ")}
      FROM telltale_data.spend_hours WHERE ${where("hour")}`;
  const sums = (sql: typeof traceSum): string => SUMS.map((sum) => `${sql(sum)} AS ${sum}`).join(", ");
  const ofTraces = `SELECT ${isTraceKey(each) ? TRACE_KEYS[each] : CALL_KEYS[each]} AS key, ${sums(traceSum)}
      FROM telltale_data.trace_summaries FINAL WHERE ${where("filed_at")}`;
  if (covers.some(([key]) => key !== "project")) return ofTraces;
  return `${ofTraces}
    UNION ALL
    SELECT '' AS key, ${sums(unsentSum)} FROM telltale_data.metric_rows WHERE ${where("hour")} AND ${UNSENT_ROWS}`;
}

function conditionOf(covers: Budget["covers"], parameters: StatementParameters): string {
  const conditions = covers.map(([key, value]) => {
    const place = parameters.bind("String", value);
    if (key === "tag") return `has(tags, ${place})`;
    return `${isTraceKey(key) ? TRACE_KEYS[key] : CALL_KEYS[key]} = ${place}`;
  });
  return conditions.join(" AND ") || "1";
}

function inTime(column: string, time: BudgetTime | undefined, parameters: StatementParameters): string {
  if (!time) return "1";
  const place = (milliseconds: number): string =>
    `toDateTime(${parameters.bind("UInt32", milliseconds / 1000)}, 'UTC')`;
  return `${column} >= ${place(time.from)} AND ${column} < ${place(time.to)}`;
}

function spentOf(row: Row, suffix: string): Spent {
  return {
    nanos: BigInt(decimalOf(row, `cost_nanos${suffix}`) ?? "0"),
    calls: numberOf(row, `calls${suffix}`),
    unpricedCalls: numberOf(row, `unpriced_calls${suffix}`),
  };
}
