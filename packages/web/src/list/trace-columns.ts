import type { SortField } from "../data/url-state.ts";

/** A column of the list; the widths stand in the style sheet. */
export interface TraceColumn {
  readonly name: string;
  readonly label: string;
  readonly sort?: SortField;
  readonly isNumber?: boolean;
}

/** The columns, from left to right. */
export const TRACE_COLUMNS: readonly TraceColumn[] = [
  { name: "name", label: "Trace" },
  { name: "start", label: "Started", sort: "startTime" },
  { name: "duration", label: "Duration", sort: "durationMs", isNumber: true },
  { name: "spans", label: "Spans", sort: "spanCount", isNumber: true },
  { name: "errors", label: "Errors", sort: "errorCount", isNumber: true },
  { name: "models", label: "Models" },
  { name: "tokens", label: "Tokens", sort: "totalTokens", isNumber: true },
  { name: "cost", label: "Cost", sort: "costNanos", isNumber: true },
];
