import { text as readAll } from "node:stream/consumers";
import { askServer } from "../ask-server.ts";
import { type Command, type CommandCall, CommandError } from "../command.ts";
import { parseServerUrl, serverOption, textOption } from "../options.ts";
import { csvLines } from "../terminal/csv.ts";
import { jsonRowLines } from "../terminal/json-rows.ts";
import { type TableData, tableLines } from "../terminal/table.ts";

/** `telltale query`: SQL over the views for people. */
export const query: Command = {
  name: "query",
  summary: "ask with SQL over the views traces and spans",
  parameters: '"<sql>"',
  description:
    "Runs one SELECT in ClickHouse's SQL over the views traces and spans, and prints the answer. It reads only, and is " +
    "limited in time, memory and rows. With - in place of the SQL, it is read from standard input.\n\n" +
    "Tokens and money are NULL where nobody told, never 0; sum over rows with billed = true counts each call once. " +
    "docs/reference/sql.md lists the columns.",
  options: {
    format: {
      type: "string",
      placeholder: "table|json|csv",
      summary: "table for people, json (an array of objects) or csv for programs",
      fallback: "table",
    },
    url: serverOption,
  },
  examples: [
    {
      line: `telltale query "SELECT request_model, count(), sum(cost_usd) FROM spans WHERE billed GROUP BY 1 ORDER BY 3 DESC"`,
      does: "calls and money by model",
    },
    {
      line: `telltale query "SELECT trace_id, root_name, cost_usd FROM traces ORDER BY cost_usd DESC LIMIT 10" --format csv`,
      does: "the ten dearest traces, for a spreadsheet",
    },
    { line: "telltale query - < report.sql", does: "SQL from a file" },
  ],
  run,
};

const FORMATS = ["table", "json", "csv"];

async function run(call: CommandCall): Promise<number> {
  const format = textOption(call, "format") ?? "table";
  if (!FORMATS.includes(format))
    throw new CommandError(`There is no format ${format}.`, { hint: `There are ${FORMATS.join(", ")}.`, exitCode: 2 });
  const answer = await ask(parseServerUrl(textOption(call, "url") ?? serverOption.fallback), await sqlOf(call));
  const { terminal } = call;
  const lines =
    format === "csv"
      ? csvLines(answer)
      : format === "json"
        ? jsonRowLines(answer)
        : tableLines(answer, terminal.columns);
  for (const line of lines) terminal.print(line);
  if (format === "table") terminal.note(`${answer.rows.length} ${answer.rows.length === 1 ? "row" : "rows"}`);
  if (answer.truncated) terminal.note("The answer was cut at the limit of rows: add a LIMIT, or ask for less.");
  return 0;
}

async function sqlOf(call: CommandCall): Promise<string> {
  const [sql, ...others] = call.parameters;
  if (others.length > 0)
    throw new CommandError("query takes one parameter, the whole SQL.", {
      hint: 'Put it into quotes: telltale query "SELECT count() FROM spans"',
      exitCode: 2,
    });
  const text = sql === "-" ? await readAll(process.stdin) : (sql ?? "");
  if (text.trim() !== "") return text;
  throw new CommandError("query needs the SQL to run.", {
    hint: 'For example: telltale query "SELECT count() FROM spans"',
    exitCode: 2,
  });
}

async function ask(server: URL, sql: string): Promise<TableData & { truncated: boolean }> {
  const answer = await askServer(server, "/api/v1/query", { sql });
  if (typeof answer === "object" && answer !== null && "columns" in answer && "rows" in answer)
    if (Array.isArray(answer.columns) && Array.isArray(answer.rows))
      return {
        columns: answer.columns.map(String),
        rows: answer.rows.map((row): unknown[] => (Array.isArray(row) ? row : [row])),
        ...("types" in answer && Array.isArray(answer.types) ? { types: answer.types.map(String) } : {}),
        truncated: "truncated" in answer && answer.truncated === true,
      };
  throw new CommandError(`${server.origin} did not answer as Telltale does.`, {
    hint: "Is it another version? telltale doctor looks into it.",
  });
}
