import type { Command } from "../command.ts";

/** Show the waterfall. */
export const showView2: Command = {
  name: "show-view-2",
  label: "Show the waterfall",
  scope: "trace",
  rank: 23,
  keys: ["2"],
};
