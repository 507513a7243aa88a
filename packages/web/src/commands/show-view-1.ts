import type { Command } from "../command.ts";

/** Show the reader. */
export const showView1: Command = {
  name: "show-view-1",
  label: "Show the reader",
  scope: "trace",
  rank: 22,
  keys: ["1"],
};
