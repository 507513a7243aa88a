import type { Command } from "../command.ts";

/** Close a span, or go to its parent. */
export const closeSpan: Command = {
  name: "close-span",
  label: "Close a span, or go to its parent",
  scope: "trace",
  rank: 15,
  keys: ["ArrowLeft"],
};
