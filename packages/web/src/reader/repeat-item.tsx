import { ChevronDown, ChevronRight, Repeat2 } from "lucide-react";
import type { ReactElement } from "react";
import { formatCompact, formatCount } from "../format/count.ts";
import { formatDuration } from "../format/duration.ts";
import { formatBound, formatShortCost } from "../format/money.ts";
import { spanFacts } from "../trace/span-facts.ts";
import type { TraceModel } from "../trace/trace-model.ts";
import { setRowOpen } from "../trace/visible-rows.ts";
import { groupFacts } from "../waterfall/group-facts.ts";
import styles from "./reader.module.css";

/** Shown of what went into a run of repeats: enough to see how little changes. */
const SHOWN = 3;

/** A round that an agent took again and again, as one item. */
export function RepeatItem({ model, group }: { readonly model: TraceModel; readonly group: number }): ReactElement {
  const facts = groupFacts(model, group);
  const isOpen = model.open.groupOpen[group] === 1;
  const Arrow = isOpen ? ChevronDown : ChevronRight;
  const inputs = repeatedInputs(model, group);
  return (
    <div className={styles.repeat}>
      <button
        type="button"
        className={styles.head}
        aria-expanded={isOpen}
        onClick={() => model.setOpen(setRowOpen(model.open, -1 - group, !isOpen))}
      >
        <Arrow size={14} aria-hidden />
        <Repeat2 size={15} className={styles.repeatSign} aria-hidden />
        <span className={styles.model}>{facts.names.join(" → ")}</span>
        <span className={styles.times}>×{formatCount(facts.times)}</span>
        <span className={styles.facts}>
          {facts.tokens !== null && <span className={styles.fact}>{formatCompact(facts.tokens)} tokens</span>}
          {facts.costNanos !== null && (
            <span className={styles.cost}>{formatBound(formatShortCost(facts.costNanos), facts.isLowerBound)}</span>
          )}
          <span className={styles.time}>{formatDuration(facts.duration)}</span>
        </span>
      </button>
      {!isOpen && inputs.length > 0 && (
        <ul className={styles.inputs}>
          {inputs.slice(0, SHOWN).map((input, index) => (
            <li key={index}>{input}</li>
          ))}
          {inputs.length > SHOWN && <li className={styles.others}>and {inputs.length - SHOWN} more</li>}
        </ul>
      )}
    </div>
  );
}

/** What went into the tools of the run; of model calls when it has no tools. */
function repeatedInputs(model: TraceModel, group: number): string[] {
  const { index, groups, skeleton } = model;
  const tools: string[] = [];
  const others: string[] = [];
  for (let place = index.place[groups.first[group] ?? 0] ?? 0; place < (groups.end[group] ?? 0); place++) {
    const facts = spanFacts(skeleton, index.order[place] ?? 0);
    if (facts.inputPreview === "") continue;
    (facts.kind === "tool" || facts.kind === "mcp" ? tools : others).push(facts.inputPreview);
    if (tools.length + others.length > MOST_READ) break;
  }
  return tools.length > 0 ? tools : others;
}

/** A run may have 50,000 spans; a few hundred tell enough. */
const MOST_READ = 500;
