import { styleText } from "node:util";

/** The formats that `style` knows, of `util.styleText`. */
export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/** Where a command speaks: answers go to `print`, everything about the work to `note`. */
export interface Terminal {
  /** A line of the answer, to standard output. */
  print(line: string): void;
  /** A line about the work, to standard error. */
  note(line: string): void;
  /** Colour for `print`, where the output is a terminal and `NO_COLOR` is not set. */
  style(style: Style, text: string): string;
  /** Width of the output; `undefined` where it is not a terminal, and nothing should be cut. */
  readonly columns: number | undefined;
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  return {
    print: (line) => void process.stdout.write(`${line}\n`),
    note: (line) => void process.stderr.write(`${line}\n`),
    style: (style, text) => styleText(style, text, { stream: process.stdout }),
    columns: process.stdout.isTTY ? process.stdout.columns : undefined,
  };
}
