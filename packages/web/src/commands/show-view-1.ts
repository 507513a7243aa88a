import type { Command } from "../command.ts";

/** First view. */
export const showView1: Command = {
  name: "show-view-1",
  label: "First view",
  scope: "trace",
  keys: ["1"],
};
