import type { Command } from "../command.ts";

/** Search commands and pages. */
export const openPalette: Command = {
  name: "open-palette",
  label: "Search commands and pages",
  scope: "everywhere",
  rank: 1,
  keys: ["mod+k"],
  inFields: true,
};
