import { CircleAlert } from "lucide-react";
import { type ReactElement, useEffect, useMemo, useRef } from "react";
import { useCommand } from "../command/use-command.ts";
import { formatDuration } from "../format/duration.ts";
import { shortName, spanFacts } from "../trace/span-facts.ts";
import type { TraceModel } from "../trace/trace-model.ts";
import { classes } from "../ui/classes.ts";
import { KindIcon } from "../ui/kind-icon.tsx";
import { EmptyNote } from "../ui/note.tsx";
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
  useEffect(() => {
    if (at !== -1) scrollTo(at);
  }, [at, scrollTo]);
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
          <LogRow key={span} model={model} span={span} top={window.top(window.from + offset)} />
        ))}
      </ol>
    </div>
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
