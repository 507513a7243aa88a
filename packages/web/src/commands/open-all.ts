import type { Command } from "../command.ts";

/** Open everything. */
export const openAll: Command = {
  name: "open-all",
  label: "Open everything",
  scope: "trace",
  rank: 16,
  keys: ["]"],
};
