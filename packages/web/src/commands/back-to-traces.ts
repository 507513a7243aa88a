import type { Command } from "../command.ts";

/** Back to the list of traces. */
export const backToTraces: Command = {
  name: "back-to-traces",
  label: "Back to the list of traces",
  scope: "trace",
  rank: 25,
  keys: ["Escape"],
};
