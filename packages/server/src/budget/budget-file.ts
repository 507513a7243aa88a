import { CheckedFile } from "../disk/checked-file.ts";
import { type FileProblem, problemLine } from "../disk/file-problem.ts";
import { QueryError } from "../query.ts";
import type { BudgetForm } from "./budget.ts";
import { readBudgets } from "./budget-schema.ts";

/** The file of budgets in a data directory. */
export const BUDGET_FILE = "telltale.budgets.json";

/** Budgets in a file, in the order in which they were made. */
export class BudgetFile extends CheckedFile<readonly BudgetForm[]> {
  constructor(path: string) {
    super(path, readBudgets);
  }

  /** Puts a budget in the place of the one of its name, or behind the others. Answers what is wrong with it. */
  put(form: BudgetForm): readonly FileProblem[] {
    const budgets = this.#right();
    const isNew = !budgets.some(({ name }) => name === form.name);
    return this.write({
      budgets: isNew ? [...budgets, form] : budgets.map((one) => (one.name === form.name ? form : one)),
    });
  }

  /** Takes a budget away; false where there is none of that name. */
  take(name: string): boolean {
    const budgets = this.#right();
    const rest = budgets.filter((one) => one.name !== name);
    if (rest.length === budgets.length) return false;
    this.write({ budgets: rest });
    return true;
  }

  /** The budgets of the file. Throws `QueryError` where it is wrong: writing it would lose what somebody meant. */
  #right(): readonly BudgetForm[] {
    const { content = [], problems } = this.state();
    if (problems.length === 0) return content;
    const hint = `mend ${this.path}, or take it away; nothing was changed`;
    throw new QueryError(400, "bad-budgets", `the file of budgets is wrong: ${problemLine(problems)}`, hint);
  }
}
