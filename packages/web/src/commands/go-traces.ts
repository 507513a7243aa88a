import type { Command } from "../command.ts";

/** Go to traces. */
export const goTraces: Command = {
  name: "go-traces",
  label: "Go to traces",
  scope: "everywhere",
  keys: ["g t"],
};
