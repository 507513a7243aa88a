import type { TraceSummary } from "@telltale/server/api-types";
import { ArrowRight, CircleAlert, CircleCheck, CircleSmall } from "lucide-react";
import { memo, type NamedExoticComponent, type ReactElement } from "react";
import { Link } from "wouter";
import { formatCompact, formatCount, formatTokens } from "../format/count.ts";
import { formatDuration } from "../format/duration.ts";
import { traceCost } from "../format/money.ts";
import { formatAgo, formatClock, formatExact } from "../format/time.ts";
import { Badge } from "../ui/badge.tsx";
import { classes } from "../ui/classes.ts";
import { KindIcon } from "../ui/kind-icon.tsx";
import styles from "./traces-table.module.css";

interface TraceRowProps {
  readonly trace: TraceSummary;
  readonly now: number;
  /** From 1, with the header. */
  readonly rowIndex: number;
  readonly top: number;
  readonly isSelected: boolean;
}

/** One trace of the list. The whole row is the link. */
export const TraceRow: NamedExoticComponent<TraceRowProps> = memo(({ trace, now, rowIndex, top, isSelected }) => (
  <div
    className={classes(styles.row, isSelected && styles.selected)}
    role="row"
    aria-rowindex={rowIndex}
    aria-selected={isSelected}
    style={{ transform: `translateY(${top}px)` }}
  >
    <NameCell trace={trace} />
    <div className={classes(styles.cell, styles.start)} role="cell" title={formatExact(trace.startTime)}>
      <span>{formatAgo(trace.startTime, now)}</span>
      <span className={styles.second}>{formatClock(trace.startTime)}</span>
    </div>
    <div className={classes(styles.cell, styles.duration, styles.number)} role="cell">
      {formatDuration(trace.durationMs)}
    </div>
    <div
      className={classes(styles.cell, styles.spans, styles.number)}
      role="cell"
      title={`${formatCount(trace.llmCalls)} model calls, ${formatCount(trace.toolCalls)} tool calls`}
    >
      {formatCount(trace.spanCount)}
    </div>
    <div className={classes(styles.cell, styles.errors, styles.number)} role="cell">
      {trace.errorCount > 0 ? (
        <Badge tone="error">
          <CircleAlert size={12} aria-hidden />
          {formatCount(trace.errorCount)}
        </Badge>
      ) : (
        <span className={styles.faint}>0</span>
      )}
    </div>
    <ModelsCell models={trace.models} />
    <TokensCell input={trace.inputTokens} output={trace.outputTokens} llmCalls={trace.llmCalls} />
    <CostCell trace={trace} />
  </div>
));

function NameCell({ trace }: { readonly trace: TraceSummary }): ReactElement {
  return (
    <div className={classes(styles.cell, styles.name)} role="cell">
      <StatusIcon status={trace.status} />
      <div className={styles.texts}>
        <div className={styles.first}>
          <KindIcon kind={trace.rootKind} size={14} />
          <Link href={`/trace/${trace.traceId}`} className={styles.link} draggable={false}>
            {trace.rootName || "no root span yet"}
          </Link>
          {trace.serviceName !== "" && <span className={styles.service}>{trace.serviceName}</span>}
          <span className={styles.tags}>
            {trace.tags.slice(0, 2).map((tag) => (
              <Badge key={tag}>{tag}</Badge>
            ))}
          </span>
        </div>
        <div className={styles.preview}>
          <span className={styles.input}>{trace.inputPreview || "no input"}</span>
          {trace.outputPreview !== "" && (
            <>
              <ArrowRight size={12} aria-label="gives" />
              <span className={styles.output}>{trace.outputPreview}</span>
            </>
          )}
        </div>
      </div>
    </div>
  );
}

function StatusIcon({ status }: { readonly status: TraceSummary["status"] }): ReactElement {
  if (status === "error") return <CircleAlert size={16} className={styles.bad} role="img" aria-label="failed" />;
  if (status === "ok") return <CircleCheck size={16} className={styles.good} role="img" aria-label="ok" />;
  return <CircleSmall size={16} className={styles.unset} role="img" aria-label="no status told" />;
}

function ModelsCell({ models }: { readonly models: readonly string[] }): ReactElement {
  const [first, ...others] = models;
  return (
    <div className={classes(styles.cell, styles.models)} role="cell" title={models.join(", ")}>
      <span className={styles.model}>{first ?? <span className={styles.faint}>–</span>}</span>
      {others.length > 0 && (
        <span className={styles.second}>{others.length === 1 ? others[0] : `and ${others.length} more`}</span>
      )}
    </div>
  );
}

interface TokensCellProps {
  readonly input: number | null;
  readonly output: number | null;
  readonly llmCalls: number;
}

function TokensCell({ input, output, llmCalls }: TokensCellProps): ReactElement {
  const isUnknown = input === null && output === null;
  return (
    <div
      className={classes(styles.cell, styles.tokens, styles.number)}
      role="cell"
      title={`${formatTokens(input)} input, ${formatTokens(output)} output tokens`}
    >
      {isUnknown ? (
        <span className={styles.faint}>{llmCalls > 0 ? "unknown" : "–"}</span>
      ) : (
        <>
          <span>{input === null ? "?" : formatCompact(input)} in</span>
          <span className={styles.second}>{output === null ? "?" : formatCompact(output)} out</span>
        </>
      )}
    </div>
  );
}

function CostCell({ trace }: { readonly trace: TraceSummary }): ReactElement {
  const cost = traceCost(trace);
  const isFaint = cost.state === "unknown" || cost.state === "none";
  return (
    <div className={classes(styles.cell, styles.cost, styles.number)} role="cell" title={cost.title}>
      <span className={isFaint ? styles.faint : styles.money}>{cost.text}</span>
    </div>
  );
}
