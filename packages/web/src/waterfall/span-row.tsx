import { ChevronDown, ChevronRight, CircleAlert } from "lucide-react";
import type { ReactElement } from "react";
import { formatCompact, formatTokens } from "../format/count.ts";
import { formatDuration } from "../format/duration.ts";
import { formatBound, formatShortCost } from "../format/money.ts";
import { shortName, type SpanFacts, spanFacts } from "../trace/span-facts.ts";
import { CYCLE, ORPHAN } from "../trace/trace-index.ts";
import { TraceMark } from "../trace/trace-mark.tsx";
import type { TraceModel } from "../trace/trace-model.ts";
import { Badge } from "../ui/badge.tsx";
import { classes } from "../ui/classes.ts";
import { KindIcon, kindColour } from "../ui/kind-icon.tsx";
import { Bar } from "./bar.tsx";
import { indentOf } from "./indent.ts";
import styles from "./waterfall.module.css";

/** Where a row stands. */
export interface RowPlace {
  readonly id: string;
  /** Its number among the rows, from 0. */
  readonly at: number;
  readonly top: number;
  readonly level: number;
}

interface SpanRowProps {
  readonly model: TraceModel;
  readonly span: number;
  readonly place: RowPlace;
  readonly onToggle: (isOpen: boolean) => void;
}

/** One span: what it is, what it used, how long it took. */
export function SpanRow({ model, span, place, onToggle }: SpanRowProps): ReactElement {
  const { index, open, skeleton } = model;
  const facts = spanFacts(skeleton, span);
  const children = index.childCount[span] ?? 0;
  const isOpen = open.closed[span] !== 1;
  const isSelected = model.selected === span;
  const isFound = model.found === undefined || model.found.includes(span);
  return (
    <div
      id={place.id}
      className={classes(styles.row, isSelected && styles.selected, !isFound && styles.dimmed)}
      role="row"
      aria-rowindex={place.at + 2}
      aria-level={place.level + 1}
      aria-setsize={index.siblings[span]}
      aria-posinset={index.position[span]}
      aria-expanded={children > 0 ? isOpen : undefined}
      aria-selected={isSelected}
      style={{ transform: `translateY(${place.top}px)` }}
      onClick={() => model.select(span)}
    >
      <div className={styles.name} role="gridcell">
        <span className={styles.indent} style={{ width: indentOf(place.level) }} />
        <Toggle isOpen={isOpen} label={facts.name} count={children} onToggle={onToggle} />
        <KindIcon kind={facts.kind} />
        <span className={classes(styles.text, index.failed[span] === 1 && styles.failed)} title={facts.name}>
          {shortName(facts)}
        </span>
        <TraceMark begin={model.begins.get(span)} />
        <Marks model={model} span={span} />
        {facts.model !== "" && !facts.name.includes(facts.model) && <span className={styles.model}>{facts.model}</span>}
      </div>
      <TokenCell facts={facts} />
      <CostCell facts={facts} />
      <div className={styles.duration} role="gridcell">
        {formatDuration(facts.duration)}
      </div>
      <div className={styles.bars} role="gridcell" aria-label={`Starts after ${formatDuration(facts.start)}`}>
        <Bar
          start={facts.start}
          duration={facts.duration}
          length={index.length}
          colour={index.failed[span] === 1 ? "error" : kindColour(facts.kind)}
        />
      </div>
    </div>
  );
}

interface ToggleProps {
  readonly isOpen: boolean;
  readonly label: string;
  readonly count: number;
  readonly onToggle: (isOpen: boolean) => void;
}

/** Opens and closes what is below a row. Not a stop of the Tab key: the grid's arrow keys do the same. */
export function Toggle({ isOpen, label, count, onToggle }: ToggleProps): ReactElement {
  if (count === 0) return <span className={styles.toggle} />;
  const Arrow = isOpen ? ChevronDown : ChevronRight;
  return (
    <button
      type="button"
      className={styles.toggle}
      tabIndex={-1}
      aria-label={`${isOpen ? "Close" : "Open"} ${label}`}
      onClick={(event) => {
        event.stopPropagation();
        onToggle(!isOpen);
      }}
    >
      <Arrow size={14} aria-hidden />
    </button>
  );
}

function Marks({ model, span }: { readonly model: TraceModel; readonly span: number }): ReactElement {
  const { index } = model;
  const below = index.errorsBelow[span] ?? 0;
  const standing = index.standing[span];
  return (
    <>
      {index.failed[span] === 1 && <CircleAlert size={14} className={styles.error} role="img" aria-label="failed" />}
      {below > 0 && index.failed[span] !== 1 && (
        <span className={styles.below} role="img" aria-label={`${below} failed below`} title={`${below} failed below`}>
          {below}
        </span>
      )}
      {standing === ORPHAN && <Badge tone="warning">parent missing</Badge>}
      {standing === CYCLE && <Badge tone="warning">parents form a circle</Badge>}
    </>
  );
}

function TokenCell({ facts }: { readonly facts: SpanFacts }): ReactElement {
  const { inputTokens, outputTokens, billing, kind } = facts;
  if (inputTokens === null && outputTokens === null)
    return (
      <div className={classes(styles.tokens, styles.faint)} role="gridcell">
        {kind === "llm" || kind === "embedding" ? "unknown" : ""}
      </div>
    );
  const isCounted = billing === "billed";
  const title = `${formatTokens(inputTokens)} input, ${formatTokens(outputTokens)} output${isCounted ? "" : `; ${billing}, not counted in totals`}`;
  return (
    <div className={classes(styles.tokens, !isCounted && styles.uncounted)} role="gridcell" title={title}>
      {formatCompact((inputTokens ?? 0) + (outputTokens ?? 0))}
    </div>
  );
}

function CostCell({ facts }: { readonly facts: SpanFacts }): ReactElement {
  const isCounted = facts.billing === "billed";
  if (facts.costNanos === null)
    return (
      <div className={classes(styles.cost, styles.faint)} role="gridcell">
        {isCounted ? "unknown" : ""}
      </div>
    );
  return (
    <div
      className={classes(styles.cost, !isCounted && styles.uncounted)}
      role="gridcell"
      title={isCounted ? undefined : `${facts.billing}: not counted in totals`}
    >
      {formatBound(formatShortCost(facts.costNanos), facts.isLowerBound)}
    </div>
  );
}
