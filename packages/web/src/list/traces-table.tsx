import type { TraceList } from "@telltale/server/api-types";
import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { ArrowDown, ArrowUp } from "lucide-react";
import { type ReactElement, type RefObject, useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { useCommand } from "../command/use-command.ts";
import type { TracesState } from "../data/url-state.ts";
import type { Change } from "../data/use-url-state.ts";
import { formatCount, plural } from "../format/count.ts";
import { classes } from "../ui/classes.ts";
import { useNow } from "../ui/use-now.ts";
import { useWindow } from "../ui/use-window.ts";
import { TRACE_COLUMNS, type TraceColumn } from "./trace-columns.ts";
import { TraceRow } from "./trace-row.tsx";
import styles from "./traces-table.module.css";
import type { useLiveList } from "./use-live-list.ts";

/** Of the rows and of their header, in pixels; the style sheet says the same. */
const ROW_HEIGHT = 52;
const HEADER_HEIGHT = 32;

/** The next page is asked for this many rows before the end. */
const AHEAD = 20;

interface TracesTableProps {
  readonly state: TracesState;
  readonly change: Change<TracesState>;
  readonly live: ReturnType<typeof useLiveList>;
  readonly list: UseInfiniteQueryResult<InfiniteData<TraceList>, Error>;
  /** Told whether rows may move: the list is at its top and nobody points at it. */
  readonly onCalm: (isCalm: boolean) => void;
  readonly total: number | undefined;
}

/** The rows, only those on screen drawn; more are asked for before the end is reached. */
export function TracesTable({ state, change, live, list, onCalm, total }: TracesTableProps): ReactElement {
  const frame = useRef<HTMLDivElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const rows = useWindow(box, live.rows.length, ROW_HEIGHT, HEADER_HEIGHT);
  const now = useNow();
  const selected = useRowKeys(live.rows, rows.scrollTo);
  useCalm(frame, box, onCalm);
  const { hasNextPage, isFetchingNextPage } = list;
  const rowCount = hasNextPage ? -1 : live.rows.length + 1;
  useNextPage(list, rows.to >= live.rows.length - AHEAD);
  return (
    <div ref={frame} className={styles.frame}>
      {live.pendingCount > 0 && (
        <NewTraces
          count={live.pendingCount}
          onShow={() => {
            live.release();
            box.current?.scrollTo({ top: 0 });
          }}
        />
      )}
      <div ref={box} className={styles.box} role="table" aria-label="Traces" aria-rowcount={rowCount} tabIndex={-1}>
        <div className={styles.header} role="row" aria-rowindex={1}>
          {TRACE_COLUMNS.map((column) => (
            <HeaderCell key={column.name} column={column} state={state} change={change} />
          ))}
        </div>
        <div className={styles.rows} role="rowgroup" style={{ height: rows.height }}>
          {live.rows.slice(rows.from, rows.to).map((trace, index) => (
            <TraceRow
              key={trace.traceId}
              trace={trace}
              now={now}
              rowIndex={rows.from + index + 2}
              top={rows.top(rows.from + index)}
              isSelected={trace.traceId === selected}
            />
          ))}
        </div>
      </div>
      <div className={styles.footer} role="status">
        {hasNextPage ? `First ${plural(live.rows.length, "trace")}` : plural(live.rows.length, "trace")}
        {hasNextPage && total !== undefined && ` of ${formatCount(total)}`}
        {isFetchingNextPage && ", loading more"}
      </div>
    </div>
  );
}

function useNextPage(list: TracesTableProps["list"], isNearEnd: boolean): void {
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  useEffect(() => {
    if (isNearEnd && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [isNearEnd, hasNextPage, isFetchingNextPage, fetchNextPage]);
}

function NewTraces({ count, onShow }: { readonly count: number; readonly onShow: () => void }): ReactElement {
  return (
    <button type="button" className={styles.pill} onClick={onShow}>
      <ArrowUp size={14} aria-hidden />
      {formatCount(count)} new
    </button>
  );
}

interface HeaderCellProps {
  readonly column: TraceColumn;
  readonly state: TracesState;
  readonly change: Change<TracesState>;
}

function HeaderCell({ column, state, change }: HeaderCellProps): ReactElement {
  const { sort } = column;
  const isSorted = sort !== undefined && state.sort === sort;
  const order = isSorted ? (state.order === "asc" ? "ascending" : "descending") : undefined;
  const Arrow = state.order === "asc" ? ArrowUp : ArrowDown;
  const look = classes(styles.cell, styles[column.name], column.isNumber && styles.number);
  if (sort === undefined)
    return (
      <div className={look} role="columnheader">
        {column.label}
      </div>
    );
  const flip = isSorted && state.order === "desc" ? "asc" : "desc";
  return (
    <div className={look} role="columnheader" aria-sort={order}>
      <button
        type="button"
        className={classes(styles.sort, isSorted && styles.sorted)}
        onClick={() => change({ sort, order: flip })}
      >
        {column.label}
        <Arrow size={12} className={styles.arrow} aria-hidden />
      </button>
    </div>
  );
}

/** j, k and Enter: the selection belongs to a trace, not to a place, so new rows do not move it. */
function useRowKeys(traces: TracesTableProps["live"]["rows"], scrollTo: (row: number) => void): string | undefined {
  const [selected, setSelected] = useState<string>();
  const [, navigate] = useLocation();
  const at = traces.findIndex((trace) => trace.traceId === selected);
  const move = (step: number): void => {
    const next = Math.min(traces.length - 1, Math.max(0, at + step));
    setSelected(traces[next]?.traceId);
    scrollTo(next);
  };
  useCommand("next-trace", () => move(1));
  useCommand("previous-trace", () => move(at === -1 ? 1 : -1));
  useCommand("open-trace", () => navigate(`/trace/${selected}`), at !== -1);
  return selected;
}

/** Above this many pixels the list counts as being at its top. */
const TOP = 8;

/** `frame` is what the pointer must not be in, `list` what must be at its top. */
function useCalm(
  frame: RefObject<HTMLDivElement | null>,
  list: RefObject<HTMLDivElement | null>,
  onCalm: (isCalm: boolean) => void,
): void {
  useEffect(() => {
    const around = frame.current;
    if (around === null) return undefined;
    let isPointed = around.matches(":hover");
    const tell = (): void => {
      const isAtTop = (list.current?.scrollTop ?? 0) <= TOP;
      onCalm(isAtTop && !isPointed && !around.contains(document.activeElement));
    };
    const point = (event: Event): void => {
      isPointed = event.type === "pointerenter";
      tell();
    };
    const stop = new AbortController();
    // Scrolling does not bubble, so it is caught on the way down.
    const options = { signal: stop.signal, passive: true, capture: true };
    for (const name of ["scroll", "focusin", "focusout"]) around.addEventListener(name, tell, options);
    for (const name of ["pointerenter", "pointerleave"]) around.addEventListener(name, point, { signal: stop.signal });
    tell();
    return () => {
      stop.abort();
      onCalm(true);
    };
  }, [frame, list, onCalm]);
}
