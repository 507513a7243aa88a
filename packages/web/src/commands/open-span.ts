import type { Command } from "../command.ts";

/** Open a span, or go to its first child. */
export const openSpan: Command = {
  name: "open-span",
  label: "Open a span, or go to its first child",
  scope: "trace",
  rank: 14,
  keys: ["ArrowRight"],
};
