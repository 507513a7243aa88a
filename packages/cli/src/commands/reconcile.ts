import { readFile } from "node:fs/promises";
import type { ReconciledRow, ReconciledSide, Reconciliation } from "@telltale/server/api-types";
import { askServer } from "../ask-server.ts";
import { type Command, type CommandCall, CommandError } from "../command.ts";
import { parseServerUrl, serverOption, textOption } from "../options.ts";
import { dollars } from "../terminal/dollars.ts";
import { tableLines } from "../terminal/table.ts";

/** `telltale reconcile`: a provider's invoice beside the telemetry. */
export const reconcile: Command = {
  name: "reconcile",
  summary: "compare a provider's export of usage or cost with what was seen",
  parameters: "<file>",
  description:
    "Reads the export of a provider's usage or cost and shows day by day and model by model where the telemetry differs: " +
    "telemetry less invoice. It takes pages of OpenAI's APIs organization/usage/completions and organization/costs, of " +
    "Anthropic's usage_report/messages and cost_report (JSON, one page or a list of them, by day), and the CSV that " +
    "the pages of both export. Days are in UTC.\n\n" +
    "The exit code is 1 when something differs.",
  options: {
    format: {
      type: "string",
      placeholder: "table|json",
      summary: "table for people, json for programs",
      fallback: "table",
    },
    project: { type: "string", placeholder: "NAME", summary: "only the telemetry of this project" },
    all: { type: "boolean", summary: "show rows that agree too" },
    url: serverOption,
  },
  examples: [
    { line: "telltale reconcile openai-costs.json", does: "what OpenAI billed beside what was seen" },
    { line: "telltale reconcile claude-usage.csv --format json", does: "the same for a program" },
  ],
  run,
};

async function run(call: CommandCall): Promise<number> {
  const [file, ...others] = call.parameters;
  if (file === undefined || others.length > 0)
    throw new CommandError("reconcile takes one file.", { hint: "telltale reconcile openai-costs.json", exitCode: 2 });
  const format = textOption(call, "format") ?? "table";
  if (format !== "table" && format !== "json")
    throw new CommandError(`There is no format ${format}.`, { hint: "There are table, json.", exitCode: 2 });
  const project = textOption(call, "project");
  const server = parseServerUrl(textOption(call, "url") ?? serverOption.fallback);
  const body = { content: await contentOf(file), ...(project === undefined ? {} : { project }) };
  // The server checks its own answer's form in its tests.
  const answer = (await askServer(server, "/api/v1/reconcile", body)) as Reconciliation;
  const { terminal } = call;
  if (format === "json") terminal.print(JSON.stringify(answer, null, 2));
  else for (const line of linesOf(answer, call)) terminal.print(line);
  if (answer.unpricedCalls > 0 && format === "table")
    terminal.note(
      `${answer.unpricedCalls} calls have a cost that is not wholly known: the money of the telemetry is a lower bound.`,
    );
  return answer.rows.every(agrees) ? 0 : 1;
}

async function contentOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new CommandError(`${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

function agrees({ difference }: ReconciledRow): boolean {
  const { inputTokens, outputTokens, calls, costNanos } = difference;
  return !inputTokens && !outputTokens && !calls && (costNanos === null || costNanos === "0");
}

function linesOf({ rows, total }: Reconciliation, call: CommandCall): readonly string[] {
  const shown = call.options.get("all") === true ? rows : rows.filter((row) => !agrees(row));
  const told = FIELDS.filter(({ of }) => of(total.invoice) !== null);
  const columns = ["day", "model", ...told.flatMap(({ name }) => [`${name} billed`, `${name} seen`, "difference"])];
  const cells = (row: ReconciledRow): unknown[] => [
    row.day,
    row.model,
    ...told.flatMap(({ of }) => [of(row.invoice), of(row.telemetry), of(row.difference)]),
  ];
  return tableLines({ columns, rows: [...shown, total].map(cells) }, call.terminal.columns);
}

interface Field {
  readonly name: string;
  readonly of: (side: ReconciledSide) => string | number | null;
}

const FIELDS: readonly Field[] = [
  { name: "input", of: (side) => side.inputTokens },
  { name: "output", of: (side) => side.outputTokens },
  { name: "calls", of: (side) => side.calls },
  { name: "USD", of: (side) => (side.costNanos === null ? null : dollars(side.costNanos)) },
];
