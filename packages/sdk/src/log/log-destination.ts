import type { CallLine } from "./call-line.ts";

/** Where lines go: standard output or error, or a file that is appended to. */
export type LineTarget = "stdout" | "stderr" | { readonly file: string };

/** Anything that logs as pino does: the object first, then the words. */
export interface LogTarget {
  info(line: CallLine, message: string): void;
}

/** Where the lines of log mode go. */
export type LogDestination = LineTarget | LogTarget | ((line: CallLine) => void);
