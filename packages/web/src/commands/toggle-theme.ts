import type { Command } from "../command.ts";

/** Switch between light, dark and system colours. */
export const toggleTheme: Command = {
  name: "toggle-theme",
  label: "Switch between light, dark and system colours",
  scope: "everywhere",
  rank: 5,
  keys: ["g c"],
};
