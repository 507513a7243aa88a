import type { Terminal } from "../terminal/terminal.ts";

/** A terminal that keeps what it is told, without colour. */
export interface RecordingTerminal extends Terminal {
  readonly printed: string[];
  readonly noted: string[];
}

/** A terminal for tests, as wide as told. */
export function recordingTerminal(columns?: number): RecordingTerminal {
  const printed: string[] = [];
  const noted: string[] = [];
  return {
    printed,
    noted,
    print: (line) => void printed.push(line),
    note: (line) => void noted.push(line),
    style: (_style, text) => text,
    columns,
  };
}
