import { ListTree } from "lucide-react";
import { lazy } from "react";
import type { Page } from "../page.ts";

/** The list of traces, live. */
export const traces: Page = {
  name: "traces",
  path: "/",
  label: "Traces",
  navigation: { order: 1, Icon: ListTree },
  Component: lazy(async () => ({ default: (await import("../list/traces-page.tsx")).TracesPage })),
};
