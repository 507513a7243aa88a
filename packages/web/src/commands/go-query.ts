import type { Command } from "../command.ts";

/** Go to query. */
export const goQuery: Command = {
  name: "go-query",
  label: "Go to query",
  scope: "everywhere",
  keys: ["g q"],
};
