import type { TraceList } from "@telltale/server/api-types";
import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { ArrowDown, ArrowUp } from "lucide-react";
import { type ReactElement, useEffect, useRef, useState } from "react";
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
  const box = useRef<HTMLDivElement>(null);
  const rows = useWindow(box, live.rows.length, ROW_HEIGHT, HEADER_HEIGHT);
  const now = useNow();
  const selected = useRowKeys(live.rows, rows.scrollTo);
  useCalm(box, onCalm);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  useEffect(() => {
    if (rows.to >= live.rows.length - 20 && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [rows.to, live.rows.length, hasNextPage, isFetchingNextPage, fetchNextPage]);
  return (
    <div className={styles.frame}>
      {live.pendingCount > 0 && (
        <button
          type="button"
          className={styles.pill}
          onClick={() => {
            live.release();
            box.current?.scrollTo({ top: 0 });
          }}
        >
          <ArrowUp size={14} aria-hidden />
          {formatCount(live.pendingCount)} new
        </button>
      )}
      <div
        ref={box}
        className={styles.box}
        role="table"
        aria-label="Traces"
        aria-rowcount={hasNextPage ? -1 : live.rows.length + 1}
        tabIndex={-1}
      >
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
      <footer className={styles.footer} role="status">
        {hasNextPage ? `First ${plural(live.rows.length, "trace")}` : plural(live.rows.length, "trace")}
        {hasNextPage && total !== undefined && ` of ${formatCount(total)}`}
        {isFetchingNextPage && ", loading more"}
      </footer>
    </div>
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

function useCalm(box: React.RefObject<HTMLDivElement | null>, onCalm: (isCalm: boolean) => void): void {
  useEffect(() => {
    const list = box.current;
    if (list === null) return undefined;
    let isPointed = false;
    const tell = (): void => onCalm(list.scrollTop <= TOP && !isPointed && !list.contains(document.activeElement));
    const point = (event: Event): void => {
      isPointed = event.type === "pointerenter";
      tell();
    };
    const events = ["scroll", "focusin", "focusout"];
    for (const name of events) list.addEventListener(name, tell, { passive: true });
    list.addEventListener("pointerenter", point);
    list.addEventListener("pointerleave", point);
    tell();
    return () => {
      for (const name of events) list.removeEventListener(name, tell);
      list.removeEventListener("pointerenter", point);
      list.removeEventListener("pointerleave", point);
      onCalm(true);
    };
  }, [box, onCalm]);
}
