import { nanosFromDecimal } from "@telltale/model";
import * as z from "zod";
import { type FileReading, fileProblems } from "../disk/file-problem.ts";
import { isTraceKey } from "../query/spend-sums.ts";
import {
  type Budget,
  BUDGET_KEYS,
  BUDGET_PERIODS,
  type BudgetForm,
  type BudgetKey,
  DEFAULT_THRESHOLDS,
} from "./budget.ts";

/** Budgets at most: all of them are asked for at once. */
export const MOST_BUDGETS = 100;
/** A thousand million dollars: ten times as much still fits into 64 bits of nano-dollars. */
const MOST_NANOS = 1_000_000_000n * 1_000_000_000n;

/** Names stand in tables and as labels of metrics. */
const name = z
  .string()
  .min(1)
  .max(100)
  .regex(/^\P{C}+$/u, "has a character that cannot be seen")
  .refine((text) => text === text.trim(), { error: "begins or ends with a blank" })
  .meta({ description: "The one budget of this name" });

const amount = z
  .union([z.string(), z.number()], { error: 'expected dollars as a decimal, like "25.00"' })
  .refine((told) => (nanosFromDecimal(told) ?? 0n) > 0n, {
    error: 'expected dollars as a decimal above 0, like "25.00"',
  })
  .refine((told) => (nanosFromDecimal(told) ?? 0n) <= MOST_NANOS, { error: "too large: at most 1000000000 dollars" })
  .meta({ description: 'US dollars as a decimal: "25.00"' });

const value = z.string().min(1, "is empty: name a value, or leave the key out").max(400).optional();

const covers = z
  .strictObject({
    project: value,
    model: value,
    provider: value,
    service: value,
    agent: value,
    user: value,
    session: value,
    tag: value,
  })
  .meta({ description: "Only spend with all of these; all spend when absent" });

const PERCENT = "expected whole per cents from 1 to 1000, like 80";
const percent = z.int(PERCENT).min(1, PERCENT).max(1000, PERCENT);

/** A budget as it is written. */
export const budgetSchema: z.ZodType<BudgetForm> = z
  .strictObject({
    name,
    amount,
    period: z.enum(BUDGET_PERIODS).meta({ description: "In UTC, weeks from Monday; `all` never begins anew" }),
    covers: covers.optional(),
    each: z.enum(BUDGET_KEYS).optional().meta({ description: "The amount is for each value of this key by itself" }),
    thresholds: z
      .array(percent)
      .min(1)
      .max(5)
      .optional()
      .meta({ description: "Per cent of the amount at which it says so; 80 and 100 when absent" }),
  })
  .superRefine((form, context) => {
    const problem = combinationProblem(form);
    if (problem) context.addIssue({ code: "custom", ...problem });
  });

/**
 * Spend is kept by the keys of calls and, apart from that, by those of whole traces: no kept sum knows what one model cost
 * one user.
 */
function combinationProblem({ covers: told = {}, each }: BudgetForm): { path: string[]; message: string } | undefined {
  const named = BUDGET_KEYS.filter((key) => told[key] !== undefined);
  if (each !== undefined && named.includes(each))
    return {
      path: ["each"],
      message: `the budget covers one ${each} only: leave that out, or have it for each of another key`,
    };
  const keys: readonly BudgetKey[] = each === undefined ? named : [...named, each];
  const ofTraces = keys.filter(isTraceKey);
  const ofCalls = keys.filter((key) => !isTraceKey(key) && key !== "project");
  if (ofTraces.length === 0 || ofCalls.length === 0) return undefined;
  return {
    path: each !== undefined && named.every((key) => isTraceKey(key) === isTraceKey(named[0]!)) ? ["each"] : ["covers"],
    message:
      `${ofCalls.join(" and ")} cannot be together with ${ofTraces.join(" and ")}: ` +
      "exact sums are kept of calls by project, model, provider, service and agent, and of whole traces by project, user, " +
      "session and tag. Make two budgets",
  };
}

/** A file of budgets as it is written. */
export interface BudgetFileForm {
  readonly budgets: readonly BudgetForm[];
}

const fileSchema: z.ZodType<BudgetFileForm> = z
  .strictObject({ budgets: z.array(budgetSchema).max(MOST_BUDGETS, `at most ${MOST_BUDGETS} budgets`) })
  .superRefine(({ budgets }, context) => {
    const names = new Set<string>();
    for (const [index, budget] of budgets.entries()) {
      if (names.has(budget.name))
        context.addIssue({ code: "custom", path: ["budgets", index, "name"], message: "there are two of this name" });
      names.add(budget.name);
    }
  });

/** Reads a file of budgets: its entries, or everything that is wrong with it. */
export function readBudgets(told: unknown): FileReading<readonly BudgetForm[]> {
  const read = fileSchema.safeParse(told);
  return read.success ? { content: read.data.budgets } : { problems: fileProblems(read.error) };
}

/** A budget of an entry that was checked. */
export function budgetOf(form: BudgetForm): Budget {
  const { covers: told = {}, each, thresholds = DEFAULT_THRESHOLDS } = form;
  return {
    name: form.name,
    amountNanos: nanosFromDecimal(form.amount) ?? 0n,
    period: form.period,
    covers: BUDGET_KEYS.flatMap((key) => (told[key] === undefined ? [] : [[key, told[key]] as const])),
    each,
    thresholds: [...new Set(thresholds)].sort((one, other) => one - other),
  };
}
