import type { Command } from "../command.ts";

/** Previous span. */
export const previousSpan: Command = {
  name: "previous-span",
  label: "Previous span",
  scope: "trace",
  rank: 13,
  keys: ["ArrowUp", "k"],
};
