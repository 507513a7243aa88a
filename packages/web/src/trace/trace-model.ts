import type { TraceSkeleton } from "@telltale/server/api-types";
import type { TraceBegin } from "./joined-spans.ts";
import type { RepeatGroups } from "./repeat-groups.ts";
import type { TraceIndex } from "./trace-index.ts";
import type { OpenState, VisibleRows } from "./visible-rows.ts";

/** Everything that the views of one trace share: the columns, what is open, and which span is selected. */
export interface TraceModel {
  readonly traceId: string;
  readonly skeleton: TraceSkeleton;
  readonly index: TraceIndex;
  readonly groups: RepeatGroups;
  readonly open: OpenState;
  readonly rows: VisibleRows;
  /** Where another trace begins, by span; empty where a trace is shown alone. */
  readonly begins: ReadonlyMap<number, TraceBegin>;
  /** The key in the address (see `spanKey`); `selected` is its span when it was sent. */
  readonly selectedId: string | null;
  readonly selected: number | undefined;
  /** Spans that the search found, in tree order; `undefined` while nothing is searched. */
  readonly found: readonly number[] | undefined;
  setOpen(open: OpenState): void;
  /** Selects a span and opens what hides it. */
  select(span: number): void;
  /** Selects nothing: the details close. */
  clearSelection(): void;
}
