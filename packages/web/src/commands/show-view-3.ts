import type { Command } from "../command.ts";

/** Show the log. */
export const showView3: Command = {
  name: "show-view-3",
  label: "Show the log",
  scope: "trace",
  rank: 24,
  keys: ["3"],
};
