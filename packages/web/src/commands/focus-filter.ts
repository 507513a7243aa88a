import type { Command } from "../command.ts";

/** Filter traces. */
export const focusFilter: Command = {
  name: "focus-filter",
  label: "Filter traces",
  scope: "traces",
  rank: 6,
  keys: ["/"],
};
