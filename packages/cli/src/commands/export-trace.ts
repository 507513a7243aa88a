import { writeFile } from "node:fs/promises";
import type { OtlpTrace } from "@telltale/server/api-types";
import { askServer } from "../ask-server.ts";
import { type Command, type CommandCall, CommandError } from "../command.ts";
import { parseServerUrl, serverOption, textOption } from "../options.ts";

/** `telltale export`: a trace as OTLP. */
export const exportTrace: Command = {
  name: "export",
  summary: "give a trace as OTLP/JSON, for any receiver of OpenTelemetry",
  parameters: "<trace id>",
  description:
    "Writes one trace as an OTLP/JSON request, by the GenAI conventions with telltale.* for what these have no name for. " +
    "What reads OTLP takes it; another Telltale stores the same spans again, whoever told them first. A trace of more " +
    "than 2,000 spans is several requests, one on each line.",
  options: {
    out: { type: "string", placeholder: "FILE", summary: "a file instead of standard output" },
    project: { type: "string", placeholder: "NAME", summary: "the project, should two of them share the trace id" },
    url: serverOption,
  },
  examples: [
    { line: "telltale export 0af7651916cd43dd8448eb211c80319c --out trace.json", does: "one trace into a file" },
    {
      line: "curl -H content-type:application/json --data @trace.json http://127.0.0.1:4318/v1/traces",
      does: "the file into any receiver of OTLP",
    },
  ],
  run,
};

async function run(call: CommandCall): Promise<number> {
  const [traceId, ...others] = call.parameters;
  if (traceId === undefined || others.length > 0 || !/^[0-9a-fA-F]{32}$/.test(traceId))
    throw new CommandError("export takes one trace id of 32 hex digits.", {
      hint: "telltale export 0af7651916cd43dd8448eb211c80319c",
      exitCode: 2,
    });
  const server = parseServerUrl(textOption(call, "url") ?? serverOption.fallback);
  const project = textOption(call, "project");
  const requests: string[] = [];
  for (let part = 0; ; part++) {
    const asked = new URLSearchParams({ part: String(part), ...(project === undefined ? {} : { project }) });
    const path = `/api/v1/traces/${traceId.toLowerCase()}/otlp?${asked.toString()}`;
    // The server checks its own answer's form in its tests.
    const answer = (await askServer(server, path)) as OtlpTrace;
    if (answer.resourceSpans.length === 0) break;
    requests.push(JSON.stringify(answer));
  }
  const out = textOption(call, "out");
  if (out === undefined) for (const request of requests) call.terminal.print(request);
  else await write(out, requests);
  return 0;
}

async function write(file: string, requests: readonly string[]): Promise<void> {
  try {
    await writeFile(file, requests.map((request) => `${request}\n`).join(""));
  } catch (cause) {
    throw new CommandError(`${file} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
