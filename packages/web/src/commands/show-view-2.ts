import type { Command } from "../command.ts";

/** Second view. */
export const showView2: Command = {
  name: "show-view-2",
  label: "Second view",
  scope: "trace",
  keys: ["2"],
};
