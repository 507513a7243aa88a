import type { KeptProjects } from "../receive/kept-projects.ts";
import type { Reader } from "../query.ts";
import { textOf } from "../query/row-value.ts";
import { StatementParameters } from "../query/statement-parameters.ts";
import { isOneOf } from "../query/trace-selection.ts";
import { RUN_COLUMNS, type RunJson, runOf } from "./run-of-row.ts";
import { cursorAfter, type RunSelection } from "./run-selection.ts";
import { RunTrees } from "./run-trees.ts";

/** A page of runs, and where the next one begins; "" after the last. */
export interface RunPage {
  readonly runs: readonly RunJson[];
  readonly next: string;
}

/** Where runs and the names of their projects are. */
export interface RunSource {
  readonly reader: Reader;
  readonly projects: KeptProjects;
}

/** The runs that are selected, in the order of their starts; `isWithBelow` is for tokens and costs. */
export async function readRuns(
  selection: RunSelection,
  isWithBelow: boolean,
  { reader, projects }: RunSource,
): Promise<RunPage> {
  const { where, parameters, limit, direction } = selection;
  // Ids first: what is sorted out is never read with its content.
  const found = await reader.rows(
    `SELECT toString(row) AS row_text, trace_id, span_id, toString(toUnixTimestamp64Nano(start_time)) AS start
    FROM telltale_data.span_rows WHERE ${where}
    ORDER BY start_time ${direction}, span_id ${direction}, row DESC LIMIT ${limit + 1}`,
    parameters.values,
  );
  const page = found.slice(0, limit);
  const last = page.at(-1);
  if (!last) return { runs: [], next: "" };
  const traceIds = [...new Set(page.map((row) => textOf(row, "trace_id")))];
  const places = new StatementParameters();
  const [rows, trees] = await Promise.all([
    reader.rows(
      `SELECT ${RUN_COLUMNS} FROM telltale_data.span_rows
      WHERE ${isOneOf(traceIds, places)} AND row IN (${page.map((row) => textOf(row, "row_text")).join(", ")})
      SETTINGS output_format_json_quote_64bit_integers = 0`,
      places.values,
    ),
    RunTrees.read(traceIds, reader),
  ]);
  projects.note(rows.map((row) => textOf(row, "project")));
  const place = { trees, isWithBelow, projectId: (name: string) => projects.byName(name)?.id ?? null };
  const byRow = new Map(rows.map((row) => [textOf(row, "row_text"), row]));
  const runs = page.flatMap((row) => {
    const whole = byRow.get(textOf(row, "row_text"));
    return whole ? [runOf(whole, place)] : [];
  });
  const isMore = found.length > limit;
  return { runs, next: isMore ? cursorAfter(BigInt(textOf(last, "start")), textOf(last, "span_id")) : "" };
}
