import type { Command, CommandOption } from "./command.ts";

const WIDTH = 80;

/** What `telltale`, `telltale help` and `telltale --help` show. */
export function helpLines(commands: readonly Command[], version: string): string[] {
  const width = Math.max(...commands.map((command) => command.name.length));
  return [
    `telltale ${version}: see what your LLM program does, what it costs and where it goes wrong`,
    "",
    "  telltale <command> [options]",
    "",
    "Commands",
    ...commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    "",
    "First steps",
    "  telltale serve      start it, and open http://127.0.0.1:4318",
    "  telltale demo       watch a small support desk of agents at work",
    "  telltale doctor     when nothing arrives",
    "",
    "telltale <command> --help tells more about each. Exit codes: 0 done, 1 could not be",
    "done, 2 wrongly asked.",
  ];
}

/** What `telltale <command> --help` shows. */
export function commandHelpLines(command: Command): string[] {
  const options = Object.entries(command.options);
  return [
    `telltale ${command.name}${command.parameters ? ` ${command.parameters}` : ""}${options.length > 0 ? " [options]" : ""}`,
    "",
    ...command.description.split("\n\n").flatMap((paragraph) => [...wrap(paragraph, "  "), ""]),
    ...(options.length > 0 ? ["Options", ...options.flatMap(([name, option]) => optionLines(name, option)), ""] : []),
    "Examples",
    ...command.examples.flatMap(({ line, does }) => [`  ${line}`, ...wrap(does, "      ")]),
  ];
}

function optionLines(name: string, option: CommandOption): string[] {
  const head = option.type === "boolean" ? `--[no-]${name}` : `--${name} ${option.placeholder ?? "VALUE"}`;
  const origin = [
    option.fallback === undefined ? undefined : `default ${option.fallback}`,
    option.environment === undefined ? undefined : `or ${option.environment}`,
  ].filter((part) => part !== undefined);
  return [`  ${head}`, ...wrap(option.summary + (origin.length > 0 ? ` (${origin.join(", ")})` : ""), "      ")];
}

/** Breaks at blanks, so that lines stay readable in a narrow terminal. */
function wrap(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line && indent.length + line.length + word.length + 1 > WIDTH) {
      lines.push(indent + line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, indent + line];
}
