import { TerminalSquare } from "lucide-react";
import { lazy } from "react";
import type { Page } from "../page.ts";

/** Questions in SQL. */
export const query: Page = {
  name: "query",
  path: "/query",
  label: "Query",
  navigation: { order: 2, Icon: TerminalSquare },
  Component: lazy(async () => ({ default: (await import("../query/query-page.tsx")).QueryPage })),
};
