import type { Command } from "../command.ts";

/** Go to prices. */
export const goPrices: Command = {
  name: "go-prices",
  label: "Go to prices",
  scope: "everywhere",
  rank: 4.2,
  keys: ["g p"],
};
