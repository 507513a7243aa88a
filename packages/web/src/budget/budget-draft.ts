import { formatNanos } from "@telltale/model";
import type { BudgetForm, BudgetKey, BudgetPeriod, BudgetStatus } from "@telltale/server/api-types";
import { BUDGET_KEYS } from "./budget-words.ts";

/** A budget while it is being written: everything as it stands in its field. */
export interface BudgetDraft {
  readonly name: string;
  readonly amount: string;
  readonly period: BudgetPeriod;
  /** The amount is for each value of this key; empty when it is for all together. */
  readonly each: BudgetKey | "";
  /** Each must hold. */
  readonly conditions: readonly BudgetCondition[];
  readonly thresholds: string;
}

/** One thing that a budget is narrowed to. */
export interface BudgetCondition {
  readonly key: BudgetKey;
  readonly value: string;
}

/** Where a problem is said: a field of the draft, `covers.user` for the condition of a key, or `""` for what belongs to none. */
export type DraftPlace = "name" | "amount" | "period" | "each" | "covers" | `covers.${BudgetKey}` | "thresholds" | "";

/** What is wrong with a draft, by place. */
export type DraftProblems = ReadonlyMap<DraftPlace, string>;

/** A draft with nothing in it. */
export const EMPTY_DRAFT: BudgetDraft = {
  name: "",
  amount: "",
  period: "month",
  each: "",
  conditions: [],
  thresholds: "80, 100",
};

/** The draft that a budget would have been written by. */
export function draftOf({ name, amountNanos, period, each, covers, thresholds }: BudgetStatus): BudgetDraft {
  return {
    name,
    amount: amountText(amountNanos),
    period,
    each: each ?? "",
    conditions: BUDGET_KEYS.flatMap((key) => (covers[key] === undefined ? [] : [{ key, value: covers[key] }])),
    thresholds: thresholds.join(", "),
  };
}

/** Exact, and with cents: `25.00`. */
function amountText(nanos: string): string {
  return formatNanos(BigInt(nanos)).replace(/(\.\d\d)(\d*?)0+$/, "$1$2");
}

/** The budget as it is sent. What is not right in it is told by the server, which checks it. */
export function formOf(draft: BudgetDraft): BudgetForm {
  const covers = Object.fromEntries(draft.conditions.map(({ key, value }) => [key, value.trim()]));
  const thresholds = draft.thresholds.split(",").map((text) => text.replace("%", "").trim());
  return {
    name: draft.name.trim(),
    amount: draft.amount.trim().replace(/^\$\s*/, ""),
    period: draft.period,
    ...(draft.conditions.length === 0 ? {} : { covers }),
    ...(draft.each === "" ? {} : { each: draft.each }),
    ...(thresholds.every((text) => text === "") ? {} : { thresholds: thresholds.map(Number) }),
  };
}

/** What the page knows to be wrong before it asks: names that are taken, and a key that is there twice. */
export function ownProblems(draft: BudgetDraft, taken: readonly string[]): DraftProblems {
  const problems = new Map<DraftPlace, string>();
  if (taken.includes(draft.name.trim())) problems.set("name", "there is a budget of this name already");
  const keys = draft.conditions.map(({ key }) => key);
  for (const [index, key] of keys.entries())
    if (keys.indexOf(key) !== index) problems.set(`covers.${key}`, `${key} is there twice`);
  return problems;
}

/** What the server says is wrong, by place. */
export function problemsOf(message: string): DraftProblems {
  const problems = new Map<DraftPlace, string>();
  for (const told of message.split("; ")) {
    const [, place = "", problem = ""] = /^(\w+(?:\.\w+)?)(?:\[\d+\])?: (.*)$/.exec(told) ?? [];
    if (isPlace(place)) problems.set(place, problem);
    else problems.set("", told);
  }
  return problems;
}

function isPlace(place: string): place is DraftPlace {
  return (
    ["name", "amount", "period", "each", "covers", "thresholds"].includes(place) ||
    BUDGET_KEYS.some((key) => place === `covers.${key}`)
  );
}
