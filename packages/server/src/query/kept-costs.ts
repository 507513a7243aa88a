import type { Row } from "../query.ts";
import type { StatementParameters } from "./statement-parameters.ts";
import { hourOfMilliseconds } from "./trace-selection.ts";

/** Whose costs, of when. */
export interface CostSelection {
  readonly project?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
}

/** Conditions on columns that `span_rows` and `cost_hours` have both; `model` is how the table names the model of spend. */
export function costWhere(selection: CostSelection, model: string, parameters: StatementParameters): string[] {
  const { from, to, project, provider } = selection;
  const where: string[] = [];
  const text = (value: string): string => parameters.bind("String", value);
  const hour = (value: number): string => `toDateTime(${parameters.bind("UInt32", hourOfMilliseconds(value))}, 'UTC')`;
  if (from !== undefined) where.push(`hour >= ${hour(from)}`);
  if (to !== undefined) where.push(`hour < ${hour(to)}`);
  if (project !== undefined) where.push(`project = ${text(project)}`);
  if (provider !== undefined) where.push(`provider = ${text(provider)}`);
  if (selection.model !== undefined) where.push(`${model} = ${text(selection.model)}`);
  return where;
}

const FROM = (where: string, kind: string): string =>
  `FROM (SELECT * FROM telltale_data.cost_hours WHERE ${where}) AS kept WHERE kind = '${kind}'`;

/** The statements of {@link costStatements} over the sums that the engine keeps by the hour. */
export function keptStatements(where: string, mostLines: number): CostStatements {
  return {
    totals: `SELECT toString(sumIf(kept.amount, kind = 'call')) AS nanos, toString(sumIf(kept.calls, kind = 'call')) AS calls,
        toString(sumIf(kept.calls, kind = 'unknown')) AS unpriced,
        toString(sumIf(kept.calls, kind = 'reported')) AS reported_calls,
        toString(sumIf(kept.amount, kind = 'reported')) AS reported_nanos,
        toString(sumIf(kept.calls, kind = 'sender')) AS sender_calls,
        toString(sumIf(kept.input_tokens, kind = 'sender')) AS sender_input,
        toString(sumIf(kept.output_tokens, kind = 'sender')) AS sender_output,
        toString(sumIf(kept.amount, kind = 'sender')) AS sender_nanos,
        toString(sumIf(kept.unpriced_calls, kind = 'sender')) AS sender_unpriced
      FROM (SELECT * FROM telltale_data.cost_hours WHERE ${where}) AS kept`,
    lines: `SELECT about AS model, bucket, price, source, tier, toString(kept.each) AS each,
        toString(sum(kept.amount)) AS count, toString(sum(kept.calls)) AS calls
      ${FROM(where, "line")} GROUP BY about, bucket, price, source, tier, kept.each HAVING sum(kept.calls) != 0
      ORDER BY sum(toFloat64(kept.amount)) * toFloat64(kept.each) DESC, about, bucket, price, tier, kept.each
      LIMIT ${mostLines + 1}`,
    unknown: `SELECT model, about AS reason, toString(sum(kept.calls)) AS calls
      ${FROM(where, "unknown")} GROUP BY model, reason HAVING sum(kept.calls) != 0
      ORDER BY sum(kept.calls) DESC, model, reason LIMIT ${mostLines}`,
  };
}

/** What is asked for an explanation of a sum. */
export interface CostStatements {
  /** One row: `nanos`, `calls`, `unpriced`, `reported_calls`, `reported_nanos`. */
  readonly totals: string;
  /** `model`, `bucket`, `price`, `source`, `tier`, `each`, `count`, `calls`; one more than wanted where there are more. */
  readonly lines: string;
  /** `model`, `reason`, `calls`. */
  readonly unknown: string;
}

/** Reasons of calls that may have an estimate: nobody told their tokens. */
const WITHOUT_USAGE: readonly string[] = ["no-usage", ""];

/** The statement for how many calls may have an estimate: `calls`. Nobody reads spans where there are none. */
export function unestimatedSql(where: string): string {
  return `SELECT toString(sum(kept.calls)) AS calls ${FROM(where, "unknown")}
    AND about IN (${WITHOUT_USAGE.map((reason) => `'${reason}'`).join(", ")})`;
}

/** The condition for calls in `span_rows` that may have an estimate, beside that they are billed and current. */
export const WITHOUT_USAGE_WHERE = "cost_nanos IS NULL AND usage = ''";

/** Whether rows of `unknown` have any such call. */
export function mayBeEstimated(unknown: readonly Row[]): boolean {
  return unknown.some(({ reason }) => WITHOUT_USAGE.includes(String(reason)));
}
