import { ReceiptText } from "lucide-react";
import { lazy } from "react";
import type { Page } from "../page.ts";

/** What a sum of money is made of. */
export const cost: Page = {
  name: "cost",
  path: "/cost",
  label: "Cost",
  navigation: { order: 3, Icon: ReceiptText },
  Component: lazy(async () => ({ default: (await import("../explain/explain-page.tsx")).ExplainPage })),
};
