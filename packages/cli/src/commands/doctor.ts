import { resolve } from "node:path";
import type { Command, CommandCall } from "../command.ts";
import { checkDataDirectory } from "../doctor/check-data-directory.ts";
import { checkEnvironment } from "../doctor/check-environment.ts";
import type { CheckResult } from "../doctor/check-result.ts";
import { checkRuntime } from "../doctor/check-runtime.ts";
import { checkServer } from "../doctor/check-server.ts";
import { parseServerUrl, serverOption, textOption } from "../options.ts";
import { defaultDataDirectory } from "../serve/default-data-directory.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { visibleText } from "../terminal/visible-text.ts";
import { readVersion } from "../version.ts";

/** `telltale doctor`: looks at everything that keeps telemetry from arriving. */
export const doctor: Command = {
  name: "doctor",
  summary: "say what is wrong, and why nothing arrives",
  parameters: "",
  description:
    "Looks at the data directory, the port, the engine, what has reached the receiver and what it refused, and at the " +
    "variables of this shell that tell OpenTelemetry SDKs where to send. Changes nothing. Ends with 1 when something " +
    "does not work.",
  options: {
    url: serverOption,
    data: {
      type: "string",
      placeholder: "DIRECTORY",
      summary: "the data directory, as told to serve",
      environment: "TELLTALE_DATA",
    },
  },
  examples: [
    { line: "telltale doctor", does: "looks at the server on http://127.0.0.1:4318" },
    { line: "telltale doctor --url http://127.0.0.1:4400", does: "at one on another port" },
  ],
  run,
};

const MARKS = { ok: ["green", "ok     "], hint: ["yellow", "hint   "], problem: ["red", "PROBLEM"] } as const;

function show(result: CheckResult, terminal: Terminal): void {
  const [style, mark] = MARKS[result.status];
  terminal.print(`${terminal.style(style, mark)}  ${result.subject.padEnd(11)}  ${visibleText(result.text)}`);
  if (result.advice) terminal.print(`${" ".repeat(22)}${visibleText(result.advice)}`);
}

async function run(call: CommandCall): Promise<number> {
  const { terminal, environment } = call;
  const server = parseServerUrl(textOption(call, "url") ?? serverOption.fallback);
  const dataDirectory = resolve(textOption(call, "data") ?? defaultDataDirectory(environment));
  const results = [
    checkRuntime({
      telltale: readVersion(),
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
    }),
    await checkDataDirectory(dataDirectory),
    ...(await checkServer(server)),
    ...checkEnvironment(environment, server),
  ];
  for (const result of results) show(result, terminal);
  const problems = results.filter((result) => result.status === "problem").length;
  terminal.print("");
  terminal.print(
    problems === 0 ? "Nothing is wrong." : `${problems} ${problems === 1 ? "thing does" : "things do"} not work.`,
  );
  return problems === 0 ? 0 : 1;
}
