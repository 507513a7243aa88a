import type { Command } from "../command.ts";

/** Third view. */
export const showView3: Command = {
  name: "show-view-3",
  label: "Third view",
  scope: "trace",
  keys: ["3"],
};
