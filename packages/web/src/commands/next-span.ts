import type { Command } from "../command.ts";

/** Next span. */
export const nextSpan: Command = {
  name: "next-span",
  label: "Next span",
  scope: "trace",
  keys: ["ArrowDown", "j"],
};
