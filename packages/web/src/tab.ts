import type { SpanDetail } from "@telltale/server/api-types";
import type { ComponentType } from "react";
import type { TraceModel } from "./trace/trace-model.ts";

/** What a tab of the details is given. */
export interface TabProps {
  readonly detail: SpanDetail;
  readonly model: TraceModel;
}

/** One tab of the details of a span. */
export interface Tab {
  readonly name: string;
  readonly label: string;
  /** Order from the left. The first that fits is shown when none is asked for. */
  readonly rank: number;
  fits(detail: SpanDetail): boolean;
  /** A small number beside the label. */
  count?(detail: SpanDetail): number;
  readonly Component: ComponentType<TabProps>;
}
