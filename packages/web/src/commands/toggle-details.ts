import type { Command } from "../command.ts";

/** Show or hide the details. */
export const toggleDetails: Command = {
  name: "toggle-details",
  label: "Show or hide the details",
  scope: "trace",
  rank: 20,
  keys: ["d"],
};
