import type { Terminal } from "./terminal/terminal.ts";

/**
 * A sub-command of `telltale`: one file in `commands/`. It describes itself, and `--help`, the
 * reference page and the parsing of its options all come from that description.
 */
export interface Command {
  readonly name: string;
  /** One line without a full stop, for the list of commands. */
  readonly summary: string;
  /** What follows the name, without the options: `"<sql>"`; "" for nothing. */
  readonly parameters: string;
  /** What it does and when one wants it: plain text, paragraphs apart by an empty line. */
  readonly description: string;
  /** By long name, without the dashes. */
  readonly options: Readonly<Record<string, CommandOption>>;
  /** Lines to copy, each with what it does. */
  readonly examples: readonly { readonly line: string; readonly does: string }[];
  /**
   * Called once per process, with options that are all known. Resolves with the exit code: 0 done, 1 could not
   * be done, 2 wrongly asked. Throws `CommandError` for what the person can mend.
   */
  run(call: CommandCall): Promise<number>;
}

/** One option: `--name VALUE`, or a switch that `--no-name` turns off. */
export interface CommandOption {
  /** `boolean` is a switch. */
  readonly type: "string" | "boolean";
  /** How the value is called in help: `PORT`. */
  readonly placeholder?: string;
  /** One line for help. */
  readonly summary: string;
  /** The environment variable that is asked when the option is not given. */
  readonly environment?: string;
  /** Used when neither is given, and shown in help. */
  readonly fallback?: string;
}

/** What a command is called with. */
export interface CommandCall {
  /** Options by long name, from the line, the environment or the fallback. */
  readonly options: ReadonlyMap<string, string | boolean>;
  /** What is not an option, in order. */
  readonly parameters: readonly string[];
  /** Where it speaks. */
  readonly terminal: Terminal;
  /** The environment of the process. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What a person can mend: shown without a stack. `exitCode` is 2 for a wrong question, 1 for the rest. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  /** What to do about it. */
  readonly hint: string | undefined;
  /** Of the process. */
  readonly exitCode: 1 | 2;

  constructor(message: string, options: { hint?: string; exitCode?: 1 | 2; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? 1;
  }
}
