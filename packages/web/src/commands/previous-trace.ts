import type { Command } from "../command.ts";

/** Previous trace. */
export const previousTrace: Command = {
  name: "previous-trace",
  label: "Previous trace",
  scope: "traces",
  keys: ["k", "ArrowUp"],
};
