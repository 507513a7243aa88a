import type { Command } from "../command.ts";

/** Close everything. */
export const closeAll: Command = {
  name: "close-all",
  label: "Close everything",
  scope: "trace",
  keys: ["["],
};
