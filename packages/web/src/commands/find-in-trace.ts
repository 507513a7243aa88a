import type { Command } from "../command.ts";

/** Find in this trace. */
export const findInTrace: Command = {
  name: "find-in-trace",
  label: "Find in this trace",
  scope: "trace",
  rank: 19,
  keys: ["/"],
};
