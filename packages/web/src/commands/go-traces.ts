import type { Command } from "../command.ts";

/** Go to traces. */
export const goTraces: Command = {
  name: "go-traces",
  label: "Go to traces",
  scope: "everywhere",
  rank: 3,
  keys: ["g t"],
};
