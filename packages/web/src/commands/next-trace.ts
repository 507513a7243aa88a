import type { Command } from "../command.ts";

/** Next trace. */
export const nextTrace: Command = {
  name: "next-trace",
  label: "Next trace",
  scope: "traces",
  rank: 7,
  keys: ["j", "ArrowDown"],
};
