import { parseArgs } from "node:util";
import { type Command, CommandError } from "./command.ts";
import { nearestName } from "./nearest-name.ts";

/** What a line asks of a command. */
export interface ParsedLine {
  readonly help: boolean;
  readonly options: ReadonlyMap<string, string | boolean>;
  readonly parameters: readonly string[];
}

/** The switch in an environment variable: `0`, `false`, `no`, `off` and nothing are off. */
export function isOn(text: string): boolean {
  return !/^(0|false|no|off|)$/i.test(text.trim());
}

/**
 * Reads a line for a command. An option is taken from the line, else from its environment variable, else from its
 * fallback, else it is absent. Throws `CommandError` with the nearest known option for one that is unknown.
 */
export function parseCall(
  command: Command,
  line: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ParsedLine {
  const known = Object.entries(command.options);
  const described = Object.fromEntries(known.map(([name, { type }]) => [name, { type }]));
  const { values, positionals } = parse(command, line, { ...described, help: { type: "boolean", short: "h" } });
  const options = new Map<string, string | boolean>();
  for (const [name, option] of known) {
    const told = option.environment === undefined ? undefined : environment[option.environment];
    const outside = told === undefined || told === "" ? option.fallback : told;
    const value = values[name] ?? (option.type === "boolean" && outside !== undefined ? isOn(outside) : outside);
    if (typeof value === "string" || typeof value === "boolean") options.set(name, value);
  }
  return { help: values["help"] === true, options, parameters: positionals };
}

type Described = Record<string, { type: "string" | "boolean"; short?: string }>;

function parse(
  command: Command,
  line: readonly string[],
  options: Described,
): { values: Record<string, unknown>; positionals: string[] } {
  try {
    return parseArgs({ args: [...line], options, allowPositionals: true, allowNegative: true, strict: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const wrong = /Unknown option '--?([^']*)'/.exec(message)?.[1];
    const near = wrong === undefined ? undefined : nearestName(wrong, Object.keys(options));
    throw new CommandError(
      wrong === undefined
        ? (message.split(". ")[0] ?? message)
        : `${command.name} has no option ${wrong.length === 1 ? "-" : "--"}${wrong}.`,
      {
        hint: near ? `Did you mean --${near}?` : `telltale ${command.name} --help shows what there is.`,
        exitCode: 2,
      },
    );
  }
}
