import { lazy } from "react";
import type { Page } from "../page.ts";

/** One trace. */
export const trace: Page = {
  name: "trace",
  path: "/trace/:traceId",
  label: "Trace",
  Component: lazy(async () => ({ default: (await import("../trace-page/trace-page.tsx")).TracePage })),
};
