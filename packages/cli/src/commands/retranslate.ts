import type { Retranslation } from "@telltale/server/api-types";
import { askInParts } from "../ask-in-parts.ts";
import { type Command, type CommandCall, CommandError } from "../command.ts";
import { parseServerUrl, serverOption, textOption } from "../options.ts";
import { mergeRetranslations } from "../retranslate/merge-retranslations.ts";
import { tableLines } from "../terminal/table.ts";

/** `telltale retranslate`: stored spans as the present dialects read them. */
export const retranslate: Command = {
  name: "retranslate",
  summary: "read stored spans by the present dialects, and show what differs first",
  parameters: "",
  description:
    "Every span says which dialect read it, and in which version. This reads those of older versions again, from the " +
    "attributes and events that are kept, and shows how many differ, in which fields, with examples. It changes nothing " +
    "without --apply.\n\n" +
    "With --apply the new fields go to every figure. What the present version does not tell stays, and content that was " +
    "taken out of the attributes stays as it was read; a cost changes only with what it depends on. It can be stopped at " +
    "any moment and run again, also beside live telemetry.",
  options: {
    dialect: {
      type: "string",
      placeholder: "NAME",
      summary: "only what this dialect read, like openinference or openinference/1",
    },
    project: { type: "string", placeholder: "NAME", summary: "only this project" },
    all: { type: "boolean", summary: "also spans that the present versions read" },
    apply: { type: "boolean", summary: "store what differs" },
    format: {
      type: "string",
      placeholder: "table|json",
      summary: "table for people, json for programs",
      fallback: "table",
    },
    url: serverOption,
  },
  examples: [
    { line: "telltale retranslate", does: "what differs of spans that older versions read" },
    { line: "telltale retranslate --dialect genkit --apply", does: "stores it, for one dialect" },
  ],
  run,
};

async function run(call: CommandCall): Promise<number> {
  if (call.parameters.length > 0)
    throw new CommandError("retranslate takes options only.", { hint: "telltale retranslate", exitCode: 2 });
  const format = textOption(call, "format") ?? "table";
  if (format !== "table" && format !== "json")
    throw new CommandError(`There is no format ${format}.`, { hint: "There are table, json.", exitCode: 2 });
  const { terminal } = call;
  const server = parseServerUrl(textOption(call, "url") ?? serverOption.fallback);
  const answer = await askInParts<Retranslation>(server, "/api/v1/retranslate", requestOf(call), {
    merge: mergeRetranslations,
    progress: ({ spans, changedSpans }) => terminal.note(`${spans} spans looked at, ${changedSpans} differ`),
  });
  if (format === "json") {
    terminal.print(JSON.stringify(answer, null, 2));
    return 0;
  }
  for (const line of linesOf(answer, terminal.columns)) terminal.print(line);
  terminal.note(summaryOf(answer));
  return 0;
}

function requestOf(call: CommandCall): object {
  const told = ["dialect", "project"].flatMap((name) => {
    const text = textOption(call, name);
    return text === undefined ? [] : [[name, text] as const];
  });
  const isSet = (name: string): boolean => call.options.get(name) === true;
  return { ...Object.fromEntries(told), all: isSet("all"), apply: isSet("apply") };
}

function linesOf({ dialects, fields, samples }: Retranslation, width: number | undefined): readonly string[] {
  if (dialects.length === 0) return [];
  const read = dialects.map(({ from, to, spans, changed }) => [from || "(none)", to || "(none)", spans, changed]);
  const lines = [...tableLines({ columns: ["read by", "now", "spans", "differ"], rows: read }, width)];
  if (fields.length === 0) return lines;
  const counts = fields.map(({ field, spans }) => [field, spans]);
  const shown = samples.map(({ traceId, spanId, name, field, before, after }) => [
    `${traceId}/${spanId}`,
    name,
    field,
    before,
    after,
  ]);
  return [
    ...lines,
    "",
    ...tableLines({ columns: ["field", "spans"], rows: counts }, width),
    "",
    ...tableLines({ columns: ["trace/span", "name", "field", "before", "after"], rows: shown }, width),
  ];
}

function summaryOf({ applied, spans, changedSpans }: Retranslation): string {
  if (spans === 0) return "Every span was read by the present dialects.";
  if (applied) return `${changedSpans} of ${spans} spans differed; all of them are read by the present dialects now.`;
  return `${changedSpans} of ${spans} spans differ. Nothing was changed; --apply stores what differs.`;
}
