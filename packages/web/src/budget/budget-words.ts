import { type FilterCondition, printFilter } from "@telltale/model";
import type { BudgetKey, BudgetPeriod, BudgetState, BudgetStatus, BudgetValue } from "@telltale/server/api-types";
import { writeTracesState } from "../data/url-state.ts";
import { formatCount } from "../format/count.ts";
import { formatCost } from "../format/money.ts";

/** What a budget may be narrowed to, as the API spells it and in the order in which it is offered. */
export const BUDGET_KEYS: readonly BudgetKey[] = [
  "project",
  "user",
  "session",
  "tag",
  "model",
  "provider",
  "service",
  "agent",
];

/** How long a budget lasts, in words behind the amount: `$5.00 a day`. */
export const PERIOD_WORDS: { readonly [period in BudgetPeriod]: string } = {
  hour: "an hour",
  day: "a day",
  week: "a week",
  month: "a month",
  all: "in all",
};

const STATE_WORDS: { readonly [state in BudgetState]: string } = { fine: "Fine", near: "Near its limit", over: "Over" };

/** A state in words. With calls whose cost nobody knows it is fine only as far as is known. */
export function stateWords(state: BudgetState, unpricedCalls: number): string {
  return state === "fine" && unpricedCalls > 0 ? "Fine as far as known" : STATE_WORDS[state];
}

/** What a budget is: `$5.00 a day for each user, only project shop`. */
export function budgetWords({ amountNanos, period, each, covers }: BudgetStatus): string {
  const whom = each === null ? "" : ` for each ${each}`;
  const narrowed = BUDGET_KEYS.flatMap((key) => (covers[key] === undefined ? [] : [`${key} ${covers[key]}`]));
  const where = narrowed.length === 0 ? "" : `, only ${narrowed.join(", ")}`;
  return `${formatCost(amountNanos)} ${PERIOD_WORDS[period]}${whom}${where}`;
}

/** When a budget begins anew: `begins anew in 9 h`; nothing for one that never does. */
export function resetWords({ to }: BudgetStatus, now: number): string | undefined {
  if (to === null) return undefined;
  const minutes = Math.max(1, Math.ceil((to - now) / 60_000));
  if (minutes < 100) return `begins anew in ${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `begins anew in ${hours} h` : `begins anew in ${Math.round(hours / 24)} d`;
}

/** A moment in UTC, to the minute: `2026-11-27 00:00 UTC`. */
export function utcMinute(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** How many values are in which state: `3 over, 5 near, of 120 users`. */
export function countWords({ each, valueCount, overCount, nearCount }: BudgetStatus): string {
  const things = `${formatCount(valueCount)} ${each ?? ""}${valueCount === 1 ? "" : "s"}`;
  if (valueCount === 0) return `no ${each} has spent anything yet`;
  if (overCount === 0 && nearCount === 0) return valueCount === 1 ? "the one so far is fine" : `all ${things} are fine`;
  const told = [
    overCount > 0 ? `${formatCount(overCount)} over` : "",
    nearCount > 0 ? `${formatCount(nearCount)} near` : "",
  ];
  return `${told.filter((text) => text !== "").join(", ")}, of ${things}`;
}

/** What was spent of an amount: `≥ $4.10 of $5.00`, `82 %`, `$0.90 left`. */
export interface SpentWords {
  readonly spent: string;
  readonly share: string;
  readonly left: string;
}

/** The same figures of a value in words. A cost that is not wholly known makes the sum a lower bound. */
export function spentWords(
  { spentNanos, leftNanos, share, unpricedCalls }: BudgetValue,
  amountNanos: string,
): SpentWords {
  const left = BigInt(leftNanos);
  const percent = share * 100;
  const [most, least] = unpricedCalls > 0 ? ["≤ ", "≥ "] : ["", ""];
  return {
    spent: `${least}${formatCost(spentNanos)} of ${formatCost(amountNanos)}`,
    // Rounded down, as the server does: it says 100 % only when all of it is spent.
    share: `${percent < 10 ? (Math.floor(percent * 10) / 10).toFixed(1) : formatCount(Math.floor(percent))} %`,
    left:
      left > 0n
        ? `${most}${formatCost(left)} left`
        : left === 0n
          ? "nothing left"
          : `${least}${formatCost(-left)} over`,
  };
}

/** The service of a call stands in its resource; the filter's own field is the service that began the trace. */
const FILTER_FIELDS: { readonly [key in BudgetKey]?: string } = { service: "resource.service.name" };

/** The address of the traces behind a budget, or behind one value of it. Of calls, a trace with at least one such call. */
export function tracesAddress({ covers, each, from, to }: BudgetStatus, value: string): string {
  const wanted = BUDGET_KEYS.flatMap((key): [BudgetKey, string][] => {
    const text = key === each && value !== "" ? value : covers[key];
    return text === undefined ? [] : [[key, text]];
  });
  const conditions = wanted.map(([key, text]): FilterCondition => {
    return { type: "match", field: FILTER_FIELDS[key] ?? key, pattern: [text] };
  });
  const [first] = conditions;
  const filter =
    first === undefined ? "" : printFilter(conditions.length === 1 ? first : { type: "and", filters: conditions });
  const range = from === null || to === null ? { type: "all" as const } : { type: "between" as const, from, to };
  return `/${writeTracesState({ filter, range, sort: "costNanos", order: "desc" })}`;
}
