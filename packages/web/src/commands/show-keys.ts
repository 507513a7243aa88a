import type { Command } from "../command.ts";

/** Show all keys. */
export const showKeys: Command = {
  name: "show-keys",
  label: "Show all keys",
  scope: "everywhere",
  rank: 2,
  keys: ["?"],
};
