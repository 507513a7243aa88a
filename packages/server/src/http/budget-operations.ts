import * as z from "zod";
import { BUDGET_KEYS, BUDGET_PERIODS } from "../budget/budget.ts";
import type { BudgetList, BudgetReport, BudgetStatus, BudgetValue } from "../budget/budget-answer.ts";
import { budgetSchema } from "../budget/budget-schema.ts";
import { fileProblemsSchema } from "../disk/file-problem.ts";
import type { Operation } from "./operation.ts";

const budgetList: z.ZodType<BudgetList> = z.object({ budgets: z.array(budgetSchema), problems: fileProblemsSchema });

/** `GET /api/v1/budgets` */
export const listBudgets: Operation = {
  method: "GET",
  path: "/budgets",
  name: "list-budgets",
  summary: "Budgets as they are written, and what is wrong with their file",
  input: z.strictObject({}),
  output: budgetList,
};

/** `PUT /api/v1/budgets` */
export const writeBudget: Operation = {
  method: "PUT",
  path: "/budgets",
  name: "write-budget",
  summary: "Makes a budget, or replaces the one of its name; changes nothing when something is wrong with it",
  input: budgetSchema,
  output: budgetList,
};

/** The input of `DELETE /api/v1/budgets`. */
export interface RemoveBudgetInput {
  readonly name: string;
}

/** Checks it. */
export const removeBudgetInput: z.ZodType<RemoveBudgetInput> = z.strictObject({
  name: z.string().max(100).meta({ description: "Of the budget" }),
});

/** `DELETE /api/v1/budgets` */
export const removeBudget: Operation = {
  method: "DELETE",
  path: "/budgets",
  name: "remove-budget",
  summary: "Takes a budget away",
  input: removeBudgetInput,
  output: budgetList,
};

/** The input of `GET /api/v1/budgets/status`. */
export interface BudgetStatusInput {
  readonly limit: number;
}

/** Checks it. */
export const budgetStatusInput: z.ZodType<BudgetStatusInput> = z.strictObject({
  limit: z
    .int()
    .min(1)
    .max(100)
    .default(10)
    .meta({ description: "Values at most of a budget that is for each value of a key: those that spent most" }),
});

const key = z.enum(BUDGET_KEYS);
const state = z.enum(["fine", "near", "over"]);

const budgetValue: z.ZodType<BudgetValue> = z.object({
  value: z.string(),
  spentNanos: z.string(),
  leftNanos: z.string(),
  share: z.number(),
  state,
  reached: z.int().nullable(),
  calls: z.number(),
  unpricedCalls: z.number(),
});

const status: z.ZodType<BudgetStatus> = z.object({
  name: z.string(),
  amountNanos: z.string(),
  period: z.enum(BUDGET_PERIODS),
  from: z.number().nullable(),
  to: z.number().nullable(),
  covers: z.partialRecord(key, z.string()),
  each: key.nullable(),
  thresholds: z.array(z.int()),
  state,
  values: z.array(budgetValue),
  valueCount: z.int(),
  overCount: z.int(),
  nearCount: z.int(),
  unnamed: z.object({ spentNanos: z.string(), calls: z.number(), unpricedCalls: z.number() }).nullable(),
});

const budgetReport: z.ZodType<BudgetReport> = z.object({ budgets: z.array(status), problems: fileProblemsSchema });

/** `GET /api/v1/budgets/status` */
export const reportBudgets: Operation = {
  method: "GET",
  path: "/budgets/status",
  name: "budget-status",
  summary: "How much of each budget is spent in its running period, and what is left",
  input: budgetStatusInput,
  output: budgetReport,
};

/** Every route of budgets. */
export const BUDGET_OPERATIONS: readonly Operation[] = [listBudgets, writeBudget, removeBudget, reportBudgets];
