import type { Command } from "../command.ts";

/** Close everything. */
export const closeAll: Command = {
  name: "close-all",
  label: "Close everything",
  scope: "trace",
  rank: 17,
  keys: ["["],
};
