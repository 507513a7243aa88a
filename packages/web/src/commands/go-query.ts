import type { Command } from "../command.ts";

/** Go to query. */
export const goQuery: Command = {
  name: "go-query",
  label: "Go to query",
  scope: "everywhere",
  rank: 4,
  keys: ["g q"],
};
