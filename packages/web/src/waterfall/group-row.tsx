import { Repeat2 } from "lucide-react";
import type { ReactElement } from "react";
import { formatCompact, formatCount } from "../format/count.ts";
import { formatDuration } from "../format/duration.ts";
import { formatBound, formatShortCost } from "../format/money.ts";
import type { TraceModel } from "../trace/trace-model.ts";
import { classes } from "../ui/classes.ts";
import { KindIcon, kindColour } from "../ui/kind-icon.tsx";
import { Bar } from "./bar.tsx";
import { groupFacts } from "./group-facts.ts";
import { indentOf } from "./indent.ts";
import { type RowPlace, Toggle } from "./span-row.tsx";
import styles from "./waterfall.module.css";

interface GroupRowProps {
  readonly model: TraceModel;
  readonly group: number;
  readonly place: RowPlace;
  readonly onToggle: (isOpen: boolean) => void;
}

/** One row for a run of siblings that repeat. */
export function GroupRow({ model, group, place, onToggle }: GroupRowProps): ReactElement {
  const facts = groupFacts(model, group);
  const isOpen = model.open.groupOpen[group] === 1;
  const name = facts.names.join(" → ");
  return (
    <div
      id={place.id}
      className={classes(styles.row, styles.group)}
      role="row"
      aria-rowindex={place.at + 2}
      aria-level={place.level + 1}
      aria-expanded={isOpen}
      aria-label={`${name}, repeated ${facts.times} times`}
      style={{ transform: `translateY(${place.top}px)` }}
      onClick={() => onToggle(!isOpen)}
    >
      <div className={styles.name} role="gridcell">
        <span className={styles.indent} style={{ width: indentOf(place.level) }} />
        <Toggle isOpen={isOpen} label={name} count={facts.times} onToggle={onToggle} />
        <KindIcon kind={facts.kind} />
        <span className={styles.text}>{name}</span>
        <span className={styles.times}>
          <Repeat2 size={12} aria-hidden />×{formatCount(facts.times)}
        </span>
        {facts.errors > 0 && (
          <span className={styles.below} role="img" aria-label={`${facts.errors} failed`}>
            {facts.errors}
          </span>
        )}
      </div>
      <div className={styles.tokens} role="gridcell">
        {facts.tokens === null ? "" : formatCompact(facts.tokens)}
      </div>
      <div className={styles.cost} role="gridcell">
        {facts.costNanos === null ? "" : formatBound(formatShortCost(facts.costNanos), facts.isLowerBound)}
      </div>
      <div className={styles.duration} role="gridcell">
        {formatDuration(facts.duration)}
      </div>
      <div className={styles.bars} role="gridcell">
        <Bar
          start={facts.start}
          duration={facts.duration}
          length={model.index.length}
          colour={`${kindColour(facts.kind)}`}
        />
      </div>
    </div>
  );
}
