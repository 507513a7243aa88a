import { LogView } from "../log/log-view.tsx";
import type { View } from "../view.ts";

/** Every span in order of time, one line each. */
export const log: View = {
  name: "log",
  label: "Log",
  order: 3,
  isBest: () => false,
  Component: LogView,
};
