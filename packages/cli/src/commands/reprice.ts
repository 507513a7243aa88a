import type { RepricedRow, Repricing } from "@telltale/server/api-types";
import { askInParts } from "../ask-in-parts.ts";
import { type Command, type CommandCall, CommandError } from "../command.ts";
import { parseServerUrl, serverOption, textOption } from "../options.ts";
import { mergeAnswers } from "../reprice/merge-answers.ts";
import { dollars } from "../terminal/dollars.ts";
import { tableLines } from "../terminal/table.ts";

/** `telltale reprice`: stored calls at the present prices. */
export const reprice: Command = {
  name: "reprice",
  summary: "price stored calls again, and show what differs first",
  parameters: "",
  description:
    "Prices the calls of some days again, with one's own prices as they are now and the catalogue of this release, and " +
    "shows by day and model what differs: calls, old and new cost, and which price rows. It changes nothing without " +
    "--apply.\n\n" +
    "With --apply the new costs go to every figure: spans, traces, spend and explanations. It can be stopped at any moment " +
    "and run again, also beside live telemetry: a call is never counted twice.",
  options: {
    from: { type: "string", placeholder: "DAY", summary: "first day in UTC, like 2026-11-01; needed" },
    to: { type: "string", placeholder: "DAY", summary: "the day after the last; up to now when absent" },
    project: { type: "string", placeholder: "NAME", summary: "only this project" },
    provider: { type: "string", placeholder: "NAME", summary: "only this provider" },
    model: { type: "string", placeholder: "NAME", summary: "only this model, as spend names it" },
    apply: { type: "boolean", summary: "store the new costs" },
    format: {
      type: "string",
      placeholder: "table|json",
      summary: "table for people, json for programs",
      fallback: "table",
    },
    url: serverOption,
  },
  examples: [
    { line: "telltale reprice --from 2026-11-01", does: "what calls since then cost at the present prices" },
    { line: "telltale reprice --from 2026-11-01 --model gpt-4o --apply", does: "stores it, for one model" },
  ],
  run,
};

async function run(call: CommandCall): Promise<number> {
  if (call.parameters.length > 0)
    throw new CommandError("reprice takes options only.", { hint: "telltale reprice --from 2026-11-01", exitCode: 2 });
  const format = textOption(call, "format") ?? "table";
  if (format !== "table" && format !== "json")
    throw new CommandError(`There is no format ${format}.`, { hint: "There are table, json.", exitCode: 2 });
  const { terminal } = call;
  const server = parseServerUrl(textOption(call, "url") ?? serverOption.fallback);
  const answer = await askInParts<Repricing>(server, "/api/v1/prices/reprice", requestOf(call), {
    merge: mergeAnswers,
    progress: (soFar) => terminal.note(progressOf(soFar)),
  });
  if (format === "json") {
    terminal.print(JSON.stringify(answer, null, 2));
    return 0;
  }
  const changed = answer.rows.filter((row) => row.changed > 0);
  if (changed.length > 0)
    for (const line of linesOf([...changed, answer.total], terminal.columns)) terminal.print(line);
  terminal.note(summaryOf(answer));
  return 0;
}

function requestOf(call: CommandCall): object {
  const from = textOption(call, "from");
  if (from === undefined)
    throw new CommandError("reprice needs the day to begin at.", {
      hint: "telltale reprice --from 2026-11-01",
      exitCode: 2,
    });
  const to = textOption(call, "to");
  const told = ["project", "provider", "model"].flatMap((name) => {
    const text = textOption(call, name);
    return text === undefined ? [] : [[name, text] as const];
  });
  const range = { from: millisecondsOf(from), ...(to === undefined ? {} : { to: millisecondsOf(to) }) };
  return { ...range, ...Object.fromEntries(told), apply: call.options.get("apply") === true };
}

function millisecondsOf(text: string): number {
  const isDay = /^\d{4}-\d{2}-\d{2}(T\d{2}:00(:00)?Z)?$/.test(text);
  const time = isDay ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(time)) return time;
  throw new CommandError(`${text} is not a day.`, {
    hint: "It looks like 2026-11-01, or 2026-11-01T15:00Z for an hour; all in UTC.",
    exitCode: 2,
  });
}

function progressOf({ applied, spans, changedSpans, rows }: Repricing): string {
  const did = applied ? "have a new cost" : "differ";
  return `${spans} spans looked at, ${changedSpans} ${did}; at ${rows.at(-1)?.day ?? "the beginning"}`;
}

function summaryOf({ applied, spans, changedSpans, total }: Repricing): string {
  if (changedSpans === 0) return `${spans} spans looked at: every cost is what the present prices say.`;
  const unknown = total.unpricedAfter > 0 ? ` ${total.unpricedAfter} calls have a cost that is not wholly known.` : "";
  if (applied) return `${changedSpans} of ${spans} spans have a new cost.${unknown}`;
  return `${changedSpans} of ${spans} spans differ. Nothing was changed; --apply stores the new costs.${unknown}`;
}

function linesOf(rows: readonly RepricedRow[], width: number | undefined): readonly string[] {
  const columns = ["day", "provider", "model", "calls", "changed", "old USD", "new USD", "difference", "prices"];
  const cells = rows.map((row) => [
    row.day,
    row.provider,
    row.model,
    row.calls,
    row.changed,
    dollars(row.oldNanos),
    dollars(row.newNanos),
    dollars(row.differenceNanos),
    row.day === "" ? "" : row.prices.map(({ from, to }) => (from === to ? from : `${from} → ${to}`)).join("; "),
  ]);
  return tableLines({ columns, rows: cells }, width);
}
