import type { Command } from "../command.ts";

/** Next trace. */
export const nextTrace: Command = {
  name: "next-trace",
  label: "Next trace",
  scope: "traces",
  keys: ["j", "ArrowDown"],
};
