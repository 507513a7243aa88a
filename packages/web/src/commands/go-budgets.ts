import type { Command } from "../command.ts";

/** Go to budgets. */
export const goBudgets: Command = {
  name: "go-budgets",
  label: "Go to budgets",
  scope: "everywhere",
  rank: 4.15,
  keys: ["g b"],
};
