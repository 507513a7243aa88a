import type { BudgetReport, BudgetStatus, BudgetValue } from "@telltale/server/api-types";
import { askServer } from "../ask-server.ts";
import { type Command, type CommandCall, CommandError } from "../command.ts";
import { parseServerUrl, serverOption, textOption } from "../options.ts";
import { dollars } from "../terminal/dollars.ts";
import { tableLines } from "../terminal/table.ts";

/** `telltale budgets`: how much of each budget is spent. */
export const budgets: Command = {
  name: "budgets",
  summary: "show how much of each budget is spent",
  parameters: "",
  description:
    "Shows of each budget what is spent in its running period, what is left, and whether it is fine, near its limit or " +
    "over. A budget that is for each user, session, model … has a line for each of those that spent most.\n\n" +
    "Budgets are made on the page Budgets, by PUT /api/v1/budgets, or by hand in telltale.budgets.json in the data " +
    'directory: { "budgets": [{ "name": "users", "amount": "5.00", "period": "day", "each": "user" }] }. Days, weeks and ' +
    "months are in UTC.\n\n" +
    "The exit code is 1 when one is over, or the file of budgets is wrong: for cron and CI.",
  options: {
    format: {
      type: "string",
      placeholder: "table|json",
      summary: "table for people, json for programs",
      fallback: "table",
    },
    values: {
      type: "string",
      placeholder: "COUNT",
      summary: "lines at most of a budget that is for each value, up to 100",
      fallback: "5",
    },
    url: serverOption,
  },
  examples: [
    { line: "telltale budgets", does: "every budget, and what is left of it" },
    { line: 'telltale budgets || mail -s "over budget" ops@example.com < /dev/null', does: "from cron, every hour" },
    {
      line: "telltale budgets --format json | jq -r '.budgets[] | select(.state == \"over\") | .name'",
      does: "the names of those that are over",
    },
  ],
  run,
};

async function run(call: CommandCall): Promise<number> {
  if (call.parameters.length > 0)
    throw new CommandError("budgets takes options only.", { hint: "telltale budgets --values 20", exitCode: 2 });
  const format = textOption(call, "format") ?? "table";
  if (format !== "table" && format !== "json")
    throw new CommandError(`There is no format ${format}.`, { hint: "There are table, json.", exitCode: 2 });
  const server = parseServerUrl(textOption(call, "url") ?? serverOption.fallback);
  const path = `/api/v1/budgets/status?limit=${countOf(textOption(call, "values") ?? "5")}`;
  // The server checks its own answer's form in its tests.
  const report = (await askServer(server, path)) as BudgetReport;
  const { terminal } = call;
  if (format === "json") terminal.print(JSON.stringify(report, null, 2));
  else showTable(report, call);
  for (const { where, problem } of report.problems)
    terminal.note(`telltale.budgets.json is not used as it is: ${where}: ${problem}`);
  return report.problems.length > 0 || report.budgets.some(({ state }) => state === "over") ? 1 : 0;
}

function countOf(text: string): number {
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= 100) return count;
  throw new CommandError(`${text} is not a number of lines.`, { hint: "It is from 1 to 100.", exitCode: 2 });
}

function showTable({ budgets: all }: BudgetReport, { terminal }: CommandCall): void {
  if (all.length === 0) {
    terminal.note("There are no budgets. telltale budgets --help says how to make one.");
    return;
  }
  const columns = ["budget", "for", "period", "spent USD", "of USD", "used", "left USD", "state", "begins anew"];
  for (const line of tableLines({ columns, rows: all.flatMap(rowsOf) }, terminal.columns)) terminal.print(line);
  for (const line of all.flatMap(remarksOf)) terminal.note(line);
}

function rowsOf(budget: BudgetStatus): readonly (readonly unknown[])[] {
  const scope = scopeOf(budget);
  const nobody: Partial<BudgetValue> = {
    value: "",
    spentNanos: "0",
    leftNanos: budget.amountNanos,
    share: 0,
    state: "fine",
  };
  const values: readonly Partial<BudgetValue>[] = budget.values.length > 0 ? budget.values : [nobody];
  return values.map(({ value, spentNanos = "0", leftNanos = "0", share = 0, state = "fine", unpricedCalls = 0 }) => [
    budget.name,
    value ? scope.replace(`each ${budget.each}`, `${budget.each} ${value}`) : scope,
    budget.period,
    `${unpricedCalls > 0 ? "≥ " : ""}${dollars(spentNanos)}`,
    dollars(budget.amountNanos),
    `${(share * 100).toFixed(1)} %`,
    dollars(leftNanos),
    state,
    budget.to === null ? "never" : `${new Date(budget.to).toISOString().slice(0, 16)}Z`,
  ]);
}

/** `each user, project shop`, `everything`. */
function scopeOf({ covers, each }: BudgetStatus): string {
  const narrowed = Object.entries(covers).map(([key, value]) => `${key} ${value}`);
  return [...(each === null ? [] : [`each ${each}`]), ...narrowed].join(", ") || "everything";
}

function remarksOf({ name, each, values, valueCount, overCount, nearCount, unnamed }: BudgetStatus): readonly string[] {
  const lines: string[] = [];
  if (valueCount > values.length)
    lines.push(`${name}: the first ${values.length} of ${valueCount}; over ${overCount}, near ${nearCount}.`);
  const unpriced = values.reduce((sum, { unpricedCalls }) => sum + unpricedCalls, 0);
  if (unpriced > 0)
    lines.push(`${name}: ${callWords(unpriced)} without a wholly known cost: at least this much is spent.`);
  if (unnamed)
    lines.push(
      `${name}: ${callWords(unnamed.calls)} without a ${each}, for $${dollars(unnamed.spentNanos)}, in none of these.`,
    );
  return lines;
}

function callWords(count: number): string {
  return `${count} ${count === 1 ? "call" : "calls"}`;
}
