import type { CommandCall } from "../command.ts";
import { type RecordingTerminal, recordingTerminal } from "./recording-terminal.ts";

/** A call of a command with these options, and the terminal it speaks to. */
export function callOf(
  options: Readonly<Record<string, string | boolean>>,
  parameters: readonly string[] = [],
): CommandCall & { readonly terminal: RecordingTerminal } {
  return { options: new Map(Object.entries(options)), parameters, terminal: recordingTerminal(), environment: {} };
}
