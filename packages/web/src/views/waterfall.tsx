import type { View } from "../view.ts";
import { WaterfallView } from "../waterfall/waterfall-view.tsx";

/** The tree with its bars on one line of time. */
export const waterfall: View = {
  name: "waterfall",
  label: "Waterfall",
  order: 2,
  isBest: () => true,
  Component: WaterfallView,
};
