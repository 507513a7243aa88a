import { ChevronRight, CircleAlert } from "lucide-react";
import type { TraceSummary } from "@telltale/server/api-types";
import type { ReactElement } from "react";
import { Link } from "wouter";
import { runCommand } from "../command/use-command.ts";
import { useEstimated } from "../data/answers.ts";
import { formatCompact, formatCount, formatTokens, plural } from "../format/count.ts";
import { formatDuration } from "../format/duration.ts";
import { exactCost, formatCost, formatShortCost, traceCost } from "../format/money.ts";
import { formatAgo, formatExact } from "../format/time.ts";
import { runSummary } from "../trace/joined-spans.ts";
import type { TraceModel } from "../trace/trace-model.ts";
import { totalsByModel } from "../trace/trace-totals.ts";
import { Badge } from "../ui/badge.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { KindIcon } from "../ui/kind-icon.tsx";
import { Popover } from "../ui/popover.tsx";
import { useNow } from "../ui/use-now.ts";
import { Figure } from "./figure.tsx";
import { RelatedFigure } from "./related-figure.tsx";
import styles from "./trace-header.module.css";
import type { Run } from "./use-run.ts";

/** Name and totals of a trace, or of all traces that are joined here. */
export function TraceHeader({ model, run }: { readonly model: TraceModel; readonly run: Run }): ReactElement {
  return (
    <header className={styles.header}>
      <TitleLine model={model} />
      <Figures model={model} run={run} />
    </header>
  );
}

function TitleLine({ model }: { readonly model: TraceModel }): ReactElement {
  const { summary } = model.skeleton;
  const isRunning = model.skeleton.duration.some((duration) => duration === null);
  return (
    <div className={styles.titleLine}>
      <Link href="/" className={styles.crumb}>
        Traces
      </Link>
      <ChevronRight size={14} className={styles.faint} aria-hidden />
      <KindIcon kind={summary.rootKind} size={17} />
      <h1 className={styles.title}>{summary.rootName || "No root span yet"}</h1>
      {summary.status === "error" && <Badge tone="error">failed</Badge>}
      {isRunning && <Badge tone="accent">running</Badge>}
      {summary.tags.map((tag) => (
        <Badge key={tag}>{tag}</Badge>
      ))}
      <span className={styles.id} title={summary.traceId}>
        {summary.traceId}
      </span>
      <CopyButton label="Copy the trace id" text={() => summary.traceId} />
    </div>
  );
}

function Figures({ model, run }: { readonly model: TraceModel; readonly run: Run }): ReactElement {
  const summary = runSummary(model.skeleton);
  const now = useNow();
  return (
    <dl className={styles.figures}>
      <Figure label="Duration">{formatDuration(summary.durationMs)}</Figure>
      <CostFigure model={model} />
      <EstimatedFigure summary={model.skeleton.summary} />
      <Figure
        label="Tokens"
        title={`${formatTokens(summary.inputTokens)} input, ${formatTokens(summary.outputTokens)} output`}
      >
        {summary.inputTokens === null ? "?" : formatCompact(summary.inputTokens)}
        <span className={styles.unit}>in</span>
        {summary.outputTokens === null ? "?" : formatCompact(summary.outputTokens)}
        <span className={styles.unit}>out</span>
      </Figure>
      <Figure label="Calls">
        {formatCount(summary.llmCalls)}
        <span className={styles.unit}>model</span>
        {formatCount(summary.toolCalls)}
        <span className={styles.unit}>tool</span>
      </Figure>
      <Figure label="Spans">{formatCount(summary.spanCount)}</Figure>
      <ErrorFigure count={summary.errorCount} />
      <Figure label="Started" title={formatExact(summary.startTime)}>
        {formatAgo(summary.startTime, now)}
      </Figure>
      <RelatedFigure run={run} />
      {summary.serviceName !== "" && <FilterFigure label="Service" field="service" value={summary.serviceName} />}
      {summary.sessionId !== "" && <FilterFigure label="Session" field="session" value={summary.sessionId} />}
      {summary.userId !== "" && <FilterFigure label="User" field="user" value={summary.userId} />}
    </dl>
  );
}

function FilterFigure({
  label,
  field,
  value,
}: {
  readonly label: string;
  readonly field: string;
  readonly value: string;
}): ReactElement {
  const text = /^[\w.-]+$/.test(value) ? value : JSON.stringify(value);
  return (
    <Figure label={label} className={styles.text}>
      <Link href={`/?filter=${encodeURIComponent(`${field}:${text}`)}`} title={`All traces of ${value}`}>
        {value}
      </Link>
    </Figure>
  );
}

function ErrorFigure({ count }: { readonly count: number }): ReactElement {
  if (count === 0) return <Figure label="Errors">0</Figure>;
  return (
    <Figure label="Errors">
      <button
        type="button"
        className={styles.errors}
        title="Go to the next error (E)"
        onClick={() => runCommand("next-error")}
      >
        <CircleAlert size={14} aria-hidden />
        {formatCount(count)}
      </button>
    </Figure>
  );
}

/** About what the calls cost of which nobody told the tokens, where they were counted: beside the cost and not in it. */
function EstimatedFigure({ summary }: { readonly summary: TraceSummary }): ReactElement | null {
  const estimated = useEstimated(summary);
  if (estimated === null) return null;
  const title = `${exactCost(estimated.nanos)}, from the text of ${plural(estimated.calls, "call")}; not in the cost`;
  return (
    <Figure label="Estimated" title={title}>
      ≈ {formatShortCost(estimated.nanos)}
    </Figure>
  );
}

function CostFigure({ model }: { readonly model: TraceModel }): ReactElement {
  const { joined, summary } = model.skeleton;
  const cost = traceCost(runSummary(model.skeleton));
  const trigger = (
    <button type="button" className={styles.cost} title={`${cost.title}. Show the breakdown`}>
      {cost.text}
    </button>
  );
  return (
    <Figure label="Cost">
      <Popover trigger={trigger} label="Cost by model">
        <CostByModel model={model} />
        <p className={styles.explain}>
          <Link href={`/cost?trace=${summary.traceId}`}>
            {joined === null ? "Explain this number" : "Explain the part of this trace"}
          </Link>
        </p>
      </Popover>
    </Figure>
  );
}

function CostByModel({ model }: { readonly model: TraceModel }): ReactElement {
  const totals = totalsByModel(model.skeleton);
  if (totals.length === 0) return <p className={styles.faint}>No span of this trace is billed.</p>;
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">Model</th>
          <th scope="col">Calls</th>
          <th scope="col">Input</th>
          <th scope="col">Output</th>
          <th scope="col">Cost</th>
        </tr>
      </thead>
      <tbody>
        {totals.map((total) => (
          <tr key={total.model}>
            <th scope="row">{total.model}</th>
            <td>{formatCount(total.calls)}</td>
            <td>{formatTokens(total.inputTokens)}</td>
            <td>{formatTokens(total.outputTokens)}</td>
            <td>
              {total.costNanos !== null && total.unpricedCalls > 0 && "≥ "}
              {formatCost(total.costNanos)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
