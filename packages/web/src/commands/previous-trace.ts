import type { Command } from "../command.ts";

/** Previous trace. */
export const previousTrace: Command = {
  name: "previous-trace",
  label: "Previous trace",
  scope: "traces",
  rank: 8,
  keys: ["k", "ArrowUp"],
};
