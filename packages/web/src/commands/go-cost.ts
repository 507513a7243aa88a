import type { Command } from "../command.ts";

/** Go to cost. */
export const goCost: Command = {
  name: "go-cost",
  label: "Go to cost",
  scope: "everywhere",
  rank: 4.1,
  keys: ["g m"],
};
