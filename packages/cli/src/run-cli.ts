import { type Command, CommandError } from "./command.ts";
import { commandHelpLines, helpLines } from "./help.ts";
import { nearestName } from "./nearest-name.ts";
import { parseCall } from "./parse-call.ts";
import type { Terminal } from "./terminal/terminal.ts";
import { visibleText } from "./terminal/visible-text.ts";
import { readVersion } from "./version.ts";

/**
 * Finds the command that a line names and runs it.
 *
 * @param line what follows `telltale`
 * @returns the exit code: 0 done, 1 could not be done, 2 wrongly asked
 */
export async function runCli(
  commands: readonly Command[],
  line: readonly string[],
  terminal: Terminal,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const [first, ...rest] = line;
  if (first === undefined || first === "--help" || first === "-h" || (first === "help" && rest.length === 0)) {
    for (const text of helpLines(commands, readVersion())) terminal.print(text);
    return 0;
  }
  if (first === "--version" || first === "-v" || first === "version") {
    terminal.print(readVersion());
    return 0;
  }
  const name = first === "help" ? (rest[0] ?? "") : first;
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) {
    const near = nearestName(name, [...commands.map((candidate) => candidate.name), "help", "version"]);
    terminal.note(`There is no telltale ${name}.${near ? ` Did you mean telltale ${near}?` : ""}`);
    terminal.note("telltale --help lists the commands.");
    return 2;
  }
  return runCommand(command, first === "help" ? ["--help"] : rest, terminal, environment);
}

async function runCommand(
  command: Command,
  line: readonly string[],
  terminal: Terminal,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  try {
    const { help, options, parameters } = parseCall(command, line, environment);
    if (help) {
      for (const text of commandHelpLines(command)) terminal.print(text);
      return 0;
    }
    return await command.run({ options, parameters, terminal, environment });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    // Messages of a server quote what it was sent.
    for (const text of `${error.message}\n${error.hint ?? ""}`.trimEnd().split("\n")) terminal.note(visibleText(text));
    return error.exitCode;
  }
}
