import type { Command } from "../command.ts";

/** Next span. */
export const nextSpan: Command = {
  name: "next-span",
  label: "Next span",
  scope: "trace",
  rank: 12,
  keys: ["ArrowDown", "j"],
};
