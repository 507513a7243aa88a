import { Gauge } from "lucide-react";
import { lazy } from "react";
import type { Page } from "../page.ts";

/** How much may be spent, and how much is. */
export const budgets: Page = {
  name: "budgets",
  path: "/budgets",
  label: "Budgets",
  navigation: { order: 3.5, Icon: Gauge },
  Component: lazy(async () => ({ default: (await import("../budget/budgets-page.tsx")).BudgetsPage })),
};
