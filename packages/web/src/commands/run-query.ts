import type { Command } from "../command.ts";

/** Run the query. */
export const runQuery: Command = {
  name: "run-query",
  label: "Run the query",
  scope: "query",
  rank: 26,
  keys: ["mod+Enter"],
  inFields: true,
};
