import type { TraceSkeleton } from "@telltale/server/api-types";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTraceState } from "../data/use-url-state.ts";
import { spanKey, traceBegins } from "../trace/joined-spans.ts";
import { findRepeatGroups, type RepeatGroups } from "../trace/repeat-groups.ts";
import { buildTraceIndex, type TraceIndex } from "../trace/trace-index.ts";
import type { TraceModel } from "../trace/trace-model.ts";
import { searchSpans } from "../trace/trace-search.ts";
import {
  carryOpenState,
  initialOpenState,
  type OpenState,
  revealSpan,
  rowOfSpan,
  visibleRows,
} from "../trace/visible-rows.ts";

/** Builds the columns of a trace once per answer, and keeps what is open and selected. */
export function useTraceModel(skeleton: TraceSkeleton, words: string): TraceModel {
  const built = useMemo(() => {
    const index = buildTraceIndex(skeleton);
    return { index, groups: findRepeatGroups(index), begins: traceBegins(index) };
  }, [skeleton]);
  const { index, groups, begins } = built;
  const [selectedId, setSelectedId] = useSelectedId();
  const [open, setOpen] = useOpenState(index, groups);
  const rows = useMemo(() => visibleRows(index, groups, open), [index, groups, open]);
  const selected = selectedId === null ? undefined : index.find(selectedId);
  const found = useMemo(() => (words.trim() === "" ? undefined : searchSpans(index, words)), [index, words]);
  const revealed = useRef<string>(undefined);

  // A link may point into something folded, and so may a step of the search.
  useEffect(() => {
    if (selected === undefined || selectedId === null) revealed.current = undefined;
    // Only when another span is selected: whoever folds the tree around the selection wants it folded.
    else if (revealed.current !== selectedId) {
      revealed.current = selectedId;
      if (rowOfSpan(rows, selected) === -1) setOpen(revealSpan(index, groups, open, selected));
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [selectedId, selected, index]);

  return {
    traceId: skeleton.summary.traceId,
    skeleton,
    index,
    groups,
    begins,
    open,
    rows,
    selectedId,
    selected,
    found,
    setOpen,
    select: (span) => setSelectedId(spanKey(skeleton, span)),
    clearSelection: () => setSelectedId(null),
  };
}

interface Kept {
  readonly index: TraceIndex;
  readonly groups: RepeatGroups;
  readonly open: OpenState;
}

/** What is open. A trace that grew, or was joined with others, has new columns: what was open is found again by id. */
function useOpenState(index: TraceIndex, groups: RepeatGroups): [OpenState, (open: OpenState) => void] {
  const [kept, setKept] = useState<Kept>(() => ({ index, groups, open: initialOpenState(index, groups) }));
  const open = useMemo(
    () => (kept.index === index ? kept.open : carryOpenState(kept, index, groups)),
    [kept, index, groups],
  );
  return [open, (next) => setKept({ index, groups, open: next })];
}

/** Browsers refuse more than a few changes of the address per second; holding an arrow key makes more. */
const WRITE_AFTER_MS = 200;

/** The selected key: at once in the page, a moment later in the address. */
function useSelectedId(): [string | null, (key: string | null) => void] {
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
