import type { Command } from "../command.ts";

/** Show traces that arrived. */
export const showNewTraces: Command = {
  name: "show-new-traces",
  label: "Show traces that arrived",
  scope: "traces",
  rank: 10,
  keys: ["n"],
};
