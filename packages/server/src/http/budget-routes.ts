import type { BudgetForm } from "../budget/budget.ts";
import type { BudgetFile } from "../budget/budget-file.ts";
import type { BudgetList, BudgetReport } from "../budget/budget-answer.ts";
import { budgetOf, budgetSchema } from "../budget/budget-schema.ts";
import { budgetStatus } from "../budget/budget-status.ts";
import { type FileProblem, fileProblems, problemLine } from "../disk/file-problem.ts";
import { QueryError, type Reader } from "../query.ts";
import { type Api, refuseOtherMethods } from "./api-route.ts";
import {
  type BudgetStatusInput,
  budgetStatusInput,
  listBudgets,
  removeBudget,
  type RemoveBudgetInput,
  removeBudgetInput,
  reportBudgets,
  writeBudget,
} from "./budget-operations.ts";
import { readJsonBody, requireJson, routeOf } from "./operation.ts";
import { inputReader, readSearch } from "./read-input.ts";

/** Bytes of a budget at most. */
const MOST_BYTES = 100_000;
const EXAMPLE = '{"name": "all of it", "amount": "25.00", "period": "day"}';

/** Budgets, listed, written and taken away, and how much of them is spent. */
export function addBudgetRoutes(app: Api, file: BudgetFile, reader: Reader): void {
  const listed = (): BudgetList => {
    const { content = [], problems } = file.state();
    return { budgets: [...content], problems: [...problems] };
  };
  app.get(routeOf(listBudgets), (context) => context.json(listed()));
  app.put(routeOf(writeBudget), async (context) => {
    requireJson(context.req.header("content-type"));
    const form = formOf(await readJsonBody(context.env.incoming, MOST_BYTES, EXAMPLE));
    const problems = file.put(form);
    if (problems.length > 0) throw badBudget(problems);
    return context.json(listed());
  });
  const removeInput = inputReader({ input: removeBudgetInput });
  app.delete(routeOf(removeBudget), (context) => {
    const { name } = readSearch(removeInput, context.req.url) as RemoveBudgetInput;
    if (file.take(name)) return context.json(listed());
    const names = listed().budgets.map((budget) => JSON.stringify(budget.name));
    const hint = names.length === 0 ? "there are none" : `there are ${names.join(", ")}`;
    throw new QueryError(404, "not-found", `there is no budget ${JSON.stringify(name)}`, hint);
  });
  refuseOtherMethods(app, routeOf(listBudgets), ["GET", "PUT", "DELETE"]);
  addReport(app, file, reader);
}

function addReport(app: Api, file: BudgetFile, reader: Reader): void {
  const input = inputReader({ input: budgetStatusInput });
  app.get(routeOf(reportBudgets), async (context) => {
    const { limit } = readSearch(input, context.req.url) as BudgetStatusInput;
    const { content = [], problems } = file.state();
    const budgets = await budgetStatus(reader, content.map(budgetOf), { now: Date.now(), limit });
    return context.json({ budgets, problems: [...problems] } satisfies BudgetReport);
  });
  refuseOtherMethods(app, routeOf(reportBudgets), ["GET"]);
}

function formOf(told: unknown): BudgetForm {
  const read = budgetSchema.safeParse(told);
  if (read.success) return read.data;
  throw badBudget(fileProblems(read.error, "the budget"));
}

function badBudget(problems: readonly FileProblem[]): QueryError {
  const hint = "nothing was changed; see docs/guides/budgets.md for the form";
  return new QueryError(400, "bad-budget", problemLine(problems), hint);
}
