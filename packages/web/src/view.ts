import type { ComponentType } from "react";
import type { TraceIndex } from "./trace/trace-index.ts";
import type { TraceModel } from "./trace/trace-model.ts";

/** A way to see one trace. */
export interface View {
  readonly name: string;
  readonly label: string;
  /** Its place among the views, from 1: also its key. */
  readonly order: number;
  /** Whether it is the best way to begin with this trace; the first that is, is shown. */
  isBest(index: TraceIndex): boolean;
  readonly Component: ComponentType<{ readonly model: TraceModel }>;
}
