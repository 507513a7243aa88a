import type { Command } from "../command.ts";

/** Open the selected trace. */
export const openTrace: Command = {
  name: "open-trace",
  label: "Open the selected trace",
  scope: "traces",
  rank: 9,
  keys: ["Enter"],
};
