import { type ReactElement, useCallback, useEffect, useId, useMemo, useRef } from "react";
import { useCommand } from "../command/use-command.ts";
import { formatDuration } from "../format/duration.ts";
import { spanKey } from "../trace/joined-spans.ts";
import type { TraceIndex } from "../trace/trace-index.ts";
import type { TraceModel } from "../trace/trace-model.ts";
import { rowOfSpan, setAllOpen, setRowOpen } from "../trace/visible-rows.ts";
import { type NamedRows, useKeptPlace } from "../ui/use-kept-place.ts";
import { useWindow } from "../ui/use-window.ts";
import { GroupRow } from "./group-row.tsx";
import { Overview } from "./overview.tsx";
import { SpanRow } from "./span-row.tsx";
import styles from "./waterfall.module.css";

/** Of a row and of the header, in pixels; the style sheet says the same. */
const ROW_HEIGHT = 30;
const HEADER_HEIGHT = 28;

/** Tree and bars. The grid holds the focus and names the active row, since rows come and go with scrolling. */
export function WaterfallView({ model }: { readonly model: TraceModel }): ReactElement {
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  const { rows, index, groups, selected } = model;
  const window = useWindow(box, rows.count, ROW_HEIGHT, HEADER_HEIGHT);
  const selectedRow = selected === undefined ? -1 : rowOfSpan(rows, selected);
  const { scrollTo } = window;
  useKeptPlace(box, useNamedRows(model));
  useScrollToSelected(selectedRow, model.selectedId, scrollTo);
  useTreeKeys(model, selectedRow, scrollTo);
  const goTo = useCallback(
    (share: number) => scrollTo(Math.floor(share * rows.count), "middle"),
    [rows.count, scrollTo],
  );
  const drawn: ReactElement[] = [];
  for (let at = window.from; at < window.to; at++) {
    const row = rows.row[at] ?? 0;
    const place = { id: `${id}-${at}`, at, top: window.top(at), level: rows.level[at] ?? 0 };
    const toggle = (isOpen: boolean): void => model.setOpen(setRowOpen(model.open, row, isOpen));
    drawn.push(
      row < 0 ? (
        <GroupRow
          key={`group ${keyOf(index, groups.first[-1 - row] ?? -1)}`}
          model={model}
          group={-1 - row}
          place={place}
          onToggle={toggle}
        />
      ) : (
        <SpanRow key={keyOf(index, row)} model={model} span={row} place={place} onToggle={toggle} />
      ),
    );
  }
  return (
    <div className={styles.view}>
      <Overview model={model} onGo={goTo} />
      <div
        ref={box}
        className={styles.box}
        role="treegrid"
        aria-label="Spans"
        aria-rowcount={rows.count + 1}
        aria-activedescendant={
          selectedRow >= window.from && selectedRow < window.to ? `${id}-${selectedRow}` : undefined
        }
        tabIndex={0}
      >
        <Header length={index.length} />
        <div className={styles.rows} role="rowgroup" style={{ height: window.height }}>
          {drawn}
        </div>
      </div>
    </div>
  );
}

function keyOf({ skeleton }: TraceIndex, span: number): string {
  return spanKey(skeleton, span);
}

function useNamedRows({ index, rows, selectedId }: TraceModel): NamedRows {
  return useMemo(
    () => ({
      version: index,
      rowHeight: ROW_HEIGHT,
      header: HEADER_HEIGHT,
      count: rows.count,
      nameAt: (at) => {
        const row = rows.row[at] ?? -1;
        return row < 0 ? undefined : keyOf(index, row);
      },
      rowOf: (name) => {
        const span = index.find(name);
        return span === undefined ? -1 : rowOfSpan(rows, span);
      },
      selected: selectedId,
    }),
    [index, rows, selectedId],
  );
}

const TICKS = [0, 0.25, 0.5, 0.75];

function Header({ length }: { readonly length: number }): ReactElement {
  return (
    <div className={styles.header} role="row" aria-rowindex={1}>
      <div role="columnheader">Span</div>
      <div role="columnheader" className={styles.tokens}>
        Tokens
      </div>
      <div role="columnheader" className={styles.cost}>
        Cost
      </div>
      <div role="columnheader" className={styles.duration}>
        Duration
      </div>
      <div role="columnheader" className={styles.axis} aria-label={`Time, 0 to ${formatDuration(length)}`}>
        {TICKS.map((share) => (
          <span key={share} className={styles.tick} style={{ left: `${share * 100}%` }}>
            {formatDuration(length * share)}
          </span>
        ))}
      </div>
    </div>
  );
}

/** A span selected elsewhere or by a link is brought into sight; one that is seen does not move. */
function useScrollToSelected(
  row: number,
  selected: string | null,
  scrollTo: (row: number, align?: "nearest" | "middle") => void,
): void {
  const before = useRef<string>(undefined);
  useEffect(() => {
    if (selected === null || row === -1 || before.current === selected) return;
    scrollTo(row, before.current === undefined ? "middle" : "nearest");
    before.current = selected;
  }, [row, selected, scrollTo]);
}

function useTreeKeys(model: TraceModel, selectedRow: number, scrollTo: (row: number) => void): void {
  const { rows, index, open, groups } = model;
  const move = (step: number): void => {
    for (let at = selectedRow + step; at >= 0 && at < rows.count; at += step) {
      const row = rows.row[at] ?? 0;
      // A folded run is stepped over; it opens with the mouse, with → on the span before, or with ].
      if (row < 0) continue;
      model.select(row);
      scrollTo(at);
      return;
    }
  };
  useCommand("next-span", () => move(1));
  useCommand("previous-span", () => move(-1));
  useCommand("open-span", () => {
    const span = model.selected;
    if (span === undefined) return move(1);
    if (open.closed[span] === 1) return model.setOpen(setRowOpen(open, span, true));
    const after = rows.row[selectedRow + 1];
    if (after !== undefined && after < 0 && groups.count > 0) model.setOpen(setRowOpen(open, after, true));
    else if ((index.childCount[span] ?? 0) > 0) move(1);
  });
  useCommand("close-span", () => {
    const span = model.selected;
    if (span === undefined) return;
    if ((index.childCount[span] ?? 0) > 0 && open.closed[span] !== 1)
      return model.setOpen(setRowOpen(open, span, false));
    const parent = index.parent[span] ?? -1;
    if (parent !== -1) model.select(parent);
  });
  useCommand("open-all", () => model.setOpen(setAllOpen(index, groups, true)));
  useCommand("close-all", () => model.setOpen(setAllOpen(index, groups, false)));
}
