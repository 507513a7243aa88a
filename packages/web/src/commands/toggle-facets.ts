import type { Command } from "../command.ts";

/** Show or hide the facets. */
export const toggleFacets: Command = {
  name: "toggle-facets",
  label: "Show or hide the facets",
  scope: "traces",
  rank: 11,
  keys: ["f"],
};
