import type { Command } from "../command.ts";

/** Copy a link to what is shown. */
export const copyLink: Command = {
  name: "copy-link",
  label: "Copy a link to what is shown",
  scope: "trace",
  rank: 21,
  keys: ["c"],
};
