import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactElement, useEffect, useMemo, useRef } from "react";
import { useCommand } from "../command/use-command.ts";
import { spanKey, type TraceBegin, traceIdOf } from "../trace/joined-spans.ts";
import { TraceMark } from "../trace/trace-mark.tsx";
import type { TraceModel } from "../trace/trace-model.ts";
import { EmptyNote } from "../ui/note.tsx";
import { AgentItem } from "./agent-item.tsx";
import { ModelItem } from "./model-item.tsx";
import { type ReaderItem, readerItems } from "./reader-items.ts";
import { RepeatItem } from "./repeat-item.tsx";
import styles from "./reader.module.css";
import { ToolItem } from "./tool-item.tsx";
import { useKeptItem } from "./use-kept-item.ts";

/** First guesses of heights, in pixels; each item is measured once it is drawn. */
const GUESS = { agent: 44, llm: 150, tool: 52, repeat: 96 } as const;

/** The trace as what was said and done. Content is loaded as it comes into sight. */
export function ReaderView({ model }: { readonly model: TraceModel }): ReactElement {
  const box = useRef<HTMLDivElement>(null);
  const { index, groups, open, skeleton } = model;
  const items = useMemo(() => readerItems({ index, groups, open, skeleton }), [index, groups, open, skeleton]);
  // oxlint-disable-next-line react/incompatible-library -- no compiler runs here, so nothing is memoized wrongly
  const list = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: (at) => GUESS[items[at]?.type ?? "tool"],
    getItemKey: (at) => `${items[at]?.type} ${spanKey(skeleton, items[at]?.span ?? -1)}`,
    overscan: 4,
    paddingStart: 16,
    paddingEnd: 40,
  });
  const selectedAt = items.findIndex((item) => item.span === model.selected && item.type !== "repeat");
  useReaderKeys(model, items, selectedAt);
  useKeptItem(index, list);
  useScrollTo(model.selectedId, selectedAt, (at, align) => list.scrollToIndex(at, { align }));
  if (items.length === 0)
    return (
      <EmptyNote title="Nothing to read">
        This trace has no model calls and no tools. The waterfall shows all of its spans.
      </EmptyNote>
    );
  return (
    <div ref={box} className={styles.box} tabIndex={0} role="group" aria-label="Conversation">
      <ol className={styles.list} style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map((place) => {
          const item = items[place.index];
          if (item === undefined) return null;
          return (
            <li
              key={place.key}
              ref={list.measureElement}
              data-index={place.index}
              className={styles.place}
              style={{ transform: `translateY(${place.start}px)` }}
            >
              <div
                className={styles.indent}
                style={{ marginLeft: Math.min(item.level, 6) * 18 }}
                data-level={item.level > 0}
              >
                <TraceMark begin={beginAt(model, items, place.index)} />
                <Item item={item} model={model} />
              </div>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

/** Where another trace begins among the items: the span that begins it may be none of them. */
function beginAt(
  { skeleton, begins, traceId: own }: TraceModel,
  items: readonly ReaderItem[],
  at: number,
): TraceBegin | undefined {
  const traceId = traceIdOf(skeleton, items[at]?.span ?? -1);
  const before = at === 0 ? own : traceIdOf(skeleton, items[at - 1]?.span ?? -1);
  if (traceId === before) return undefined;
  return { traceId, isOwn: traceId === own, tie: begins.get(items[at]?.span ?? -1)?.tie ?? null };
}

function Item({ item, model }: { readonly item: ReaderItem; readonly model: TraceModel }): ReactElement {
  switch (item.type) {
    case "agent":
      return <AgentItem model={model} span={item.span} />;
    case "llm":
      return <ModelItem model={model} span={item.span} />;
    case "tool":
      return <ToolItem model={model} span={item.span} />;
    case "repeat":
      return <RepeatItem model={model} group={item.group} />;
  }
}

function useReaderKeys(model: TraceModel, items: readonly ReaderItem[], selectedAt: number): void {
  const move = (step: number): void => {
    for (let at = selectedAt + step; at >= 0 && at < items.length; at += step) {
      const item = items[at];
      if (item === undefined || item.type === "repeat") continue;
      model.select(item.span);
      return;
    }
  };
  useCommand("next-span", () => move(1));
  useCommand("previous-span", () => move(-1));
}

/** Brings the selected item into sight when another is selected: a link's into the middle, a step's just so far. */
function useScrollTo(
  selected: string | null,
  at: number,
  scroll: (at: number, align: "auto" | "center") => void,
): void {
  const before = useRef<string>(undefined);
  useEffect(() => {
    if (selected === null || at === -1 || before.current === selected) return undefined;
    const align = before.current === undefined ? "center" : "auto";
    before.current = selected;
    // The list knows its own height only after it was laid out once.
    const frame = requestAnimationFrame(() => scroll(at, align));
    return () => cancelAnimationFrame(frame);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- scrolling again because `scroll` is new would fight the reader
  }, [selected, at]);
}
