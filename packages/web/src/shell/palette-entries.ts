import { parseTraceId } from "@telltale/model";
import type { Command } from "../command.ts";
import { commandList } from "../command/command-list.ts";

/** One line of the palette. */
export type PaletteEntry =
  | { readonly type: "command"; readonly label: string; readonly command: Command }
  | { readonly type: "trace"; readonly label: string; readonly traceId: string };

/** What can be done now and has all the words in its label, in any order; a trace id opens that trace. */
export function paletteEntries(words: string, isUsable: (name: string) => boolean): PaletteEntry[] {
  const traceId = parseTraceId(words.trim());
  if (traceId !== undefined) return [{ type: "trace", label: `Open trace ${traceId}`, traceId }];
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return commandList
    .filter((command) => command.name !== "open-palette" && isUsable(command.name))
    .filter(({ label }) => wanted.every((word) => label.toLowerCase().includes(word)))
    .map((command) => ({ type: "command", label: command.label, command }));
}
