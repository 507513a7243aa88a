import type { Command } from "../command.ts";

/** Next error. */
export const nextError: Command = {
  name: "next-error",
  label: "Next error",
  scope: "trace",
  rank: 18,
  keys: ["e"],
};
