import type { TraceSkeleton } from "@telltale/server/api-types";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTraceState } from "../data/use-url-state.ts";
import { findRepeatGroups } from "../trace/repeat-groups.ts";
import { buildTraceIndex } from "../trace/trace-index.ts";
import type { TraceModel } from "../trace/trace-model.ts";
import { searchSpans } from "../trace/trace-search.ts";
import { initialOpenState, type OpenState, revealSpan, rowOfSpan, visibleRows } from "../trace/visible-rows.ts";

/** Builds the columns of a trace once per answer, and keeps what is open and selected. */
export function useTraceModel(skeleton: TraceSkeleton, words: string): TraceModel {
  const { index, groups } = useMemo(() => {
    const built = buildTraceIndex(skeleton);
    return { index: built, groups: findRepeatGroups(built) };
  }, [skeleton]);
  const [selectedId, setSelectedId] = useSelectedId();
  const [kept, setOpen] = useState<OpenState>(() => initialOpenState(index, groups));
  // A trace that grew has new columns: what was open is told by place, and starts anew.
  const fits = kept.closed.length === index.count && kept.groupOpen.length === groups.count;
  const open = fits ? kept : initialOpenState(index, groups);
  const rows = useMemo(() => visibleRows(index, groups, open), [index, groups, open]);
  const selected = selectedId === null ? undefined : index.find(selectedId);
  const found = useMemo(() => (words.trim() === "" ? undefined : searchSpans(index, words)), [index, words]);

  // A link may point into something folded, and so may a step of the search.
  useEffect(() => {
    if (selected === undefined || rowOfSpan(rows, selected) !== -1) return;
    setOpen(revealSpan(index, groups, open, selected));
    // Only when another span is selected: whoever folds the tree around the selection wants it folded.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [selected, index]);

  return {
    traceId: skeleton.summary.traceId,
    skeleton,
    index,
    groups,
    open,
    rows,
    selectedId,
    selected,
    found,
    setOpen,
    select: (span) => setSelectedId(index.skeleton.spanId[span] ?? null),
    clearSelection: () => setSelectedId(null),
  };
}

/** Browsers refuse more than a few changes of the address per second; holding an arrow key makes more. */
const WRITE_AFTER_MS = 200;

/** The selected id: at once in the page, a moment later in the address. */
function useSelectedId(): [string | null, (spanId: string | null) => void] {
  const [{ span }, change] = useTraceState();
  const [selectedId, setSelectedId] = useState(span);
  const written = useRef(span);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    if (span === written.current) return;
    written.current = span;
    setSelectedId(span);
  }, [span]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const select = (next: string | null): void => {
    setSelectedId(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      written.current = next;
      change({ span: next }, { replace: true });
    }, WRITE_AFTER_MS);
  };
  return [selectedId, select];
}
