import { CircleAlert } from "lucide-react";
import { type ReactElement, useEffect, useMemo, useRef } from "react";
import { useCommand } from "../command/use-command.ts";
import { formatDuration } from "../format/duration.ts";
import { spanKey } from "../trace/joined-spans.ts";
import { shortName, spanFacts } from "../trace/span-facts.ts";
import { TraceMark } from "../trace/trace-mark.tsx";
import type { TraceModel } from "../trace/trace-model.ts";
import { classes } from "../ui/classes.ts";
import { KindIcon } from "../ui/kind-icon.tsx";
import { EmptyNote } from "../ui/note.tsx";
import { type NamedRows, useKeptPlace } from "../ui/use-kept-place.ts";
import { useWindow } from "../ui/use-window.ts";
import styles from "./log.module.css";

/** Of a row, in pixels; the style sheet says the same. */
const ROW_HEIGHT = 30;

/** The spans as they began, with what went in and came out; with a search only those that were found. */
export function LogView({ model }: { readonly model: TraceModel }): ReactElement {
  const box = useRef<HTMLDivElement>(null);
  const { index, found } = model;
  const spans = useMemo(() => logSpans(index.count, found), [index, found]);
  const window = useWindow(box, spans.length, ROW_HEIGHT);
  const at = model.selected === undefined ? -1 : spans.indexOf(model.selected);
  const { scrollTo } = window;
  useKeptPlace(box, useNamedRows(model, spans));
  useEffect(() => {
    if (at !== -1) scrollTo(at);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only when another is selected: one that moved is not run after
  }, [model.selectedId, at === -1]);
  const move = (step: number): void => {
    const next = spans[Math.min(spans.length - 1, Math.max(0, at + step))];
    if (next !== undefined) model.select(next);
  };
  useCommand("next-span", () => move(1));
  useCommand("previous-span", () => move(-1));
  if (spans.length === 0) return <EmptyNote title="No span has these words" />;
  return (
    <div ref={box} className={styles.box} tabIndex={0} role="group" aria-label="Spans in order of time">
      <ol className={styles.rows} style={{ height: window.height }}>
        {spans.slice(window.from, window.to).map((span, offset) => (
          <LogRow
            key={spanKey(model.skeleton, span)}
            model={model}
            span={span}
            top={window.top(window.from + offset)}
          />
        ))}
      </ol>
    </div>
  );
}

function useNamedRows({ index, selectedId }: TraceModel, spans: readonly number[]): NamedRows {
  return useMemo(
    () => ({
      version: index,
      rowHeight: ROW_HEIGHT,
      header: 0,
      count: spans.length,
      nameAt: (row) => spanKey(index.skeleton, spans[row] ?? -1),
      rowOf: (name) => spans.indexOf(index.find(name) ?? -1),
      selected: selectedId,
    }),
    [index, spans, selectedId],
  );
}

/** Spans stand in the skeleton in order of start already. */
function logSpans(count: number, found: readonly number[] | undefined): number[] {
  if (found !== undefined) return found.toSorted((left, right) => left - right);
  return Array.from({ length: count }, (_, span) => span);
}

interface LogRowProps {
  readonly model: TraceModel;
  readonly span: number;
  readonly top: number;
}

function LogRow({ model, span, top }: LogRowProps): ReactElement {
  const facts = spanFacts(model.skeleton, span);
  const isSelected = model.selected === span;
  const hasFailed = facts.status === "error";
  return (
    <li className={styles.place} style={{ transform: `translateY(${top}px)` }}>
      <button
        type="button"
        tabIndex={-1}
        className={classes(styles.row, isSelected && styles.selected)}
        aria-pressed={isSelected}
        onClick={() => model.select(span)}
      >
        <span className={styles.time}>+{formatDuration(facts.start)}</span>
        <KindIcon kind={facts.kind} />
        <span className={classes(styles.name, hasFailed && styles.failed)}>{shortName(facts)}</span>
        <TraceMark begin={model.begins.get(span)} isPlain />
        {hasFailed && <CircleAlert size={14} className={styles.failed} role="img" aria-label="failed" />}
        <span className={styles.words}>
          {facts.inputPreview}
          {facts.outputPreview !== "" && <span className={styles.output}> → {facts.outputPreview}</span>}
        </span>
        <span className={styles.duration}>{formatDuration(facts.duration)}</span>
      </button>
    </li>
  );
}
