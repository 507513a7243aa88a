import type { RelatedTrace, RelatedTraces } from "@telltale/server/api-types";
import type { ReactElement } from "react";
import { Link } from "wouter";
import { formatCount } from "../format/count.ts";
import { formatDuration } from "../format/duration.ts";
import { formatBound, formatCost } from "../format/money.ts";
import { TIE_WORDS } from "../trace/joined-spans.ts";
import { KindIcon } from "../ui/kind-icon.tsx";
import { Popover } from "../ui/popover.tsx";
import { Figure } from "./figure.tsx";
import styles from "./trace-header.module.css";
import type { Run } from "./use-run.ts";

/** Other traces of the same run, where its sender split it; nothing where there are none. */
export function RelatedFigure({ run }: { readonly run: Run }): ReactElement | null {
  const { related: data, tied } = run;
  if (data === undefined || data.related.length === 0) return null;
  const trigger = (
    <button type="button" className={styles.cost} title="Traces of the same run">
      {tied > 0 ? formatCount(tied) : `${formatCount(data.related.length)}?`}
    </button>
  );
  return (
    <Figure label={tied > 0 ? "Belongs with" : "Probably with"}>
      <Popover trigger={trigger} label="Traces of the same run">
        <Explanation answer={data} />
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Trace</th>
              <th scope="col">How</th>
              <th scope="col">Spans</th>
              <th scope="col">Duration</th>
              <th scope="col">Cost</th>
            </tr>
          </thead>
          <tbody>
            {data.related.map((related) => (
              <RelatedRow key={related.trace.traceId} related={related} />
            ))}
          </tbody>
        </table>
      </Popover>
    </Figure>
  );
}

function Explanation({ answer: { together, splitBy } }: { readonly answer: RelatedTraces }): ReactElement {
  if (together.traces > 1)
    return (
      <p className={styles.explain}>
        All {formatCount(together.traces)} together: {formatCount(together.llmCalls)} model calls,{" "}
        {together.costNanos !== null && together.unpricedCalls > 0 && "≥ "}
        {formatCost(together.costNanos)}. A call counts in one of them only.
      </p>
    );
  return (
    <p className={styles.explain}>
      {splitBy ?? "The sender"} makes a trace of each step, and puts into none what joins them. These ran in the same
      process at the same time.
    </p>
  );
}

function RelatedRow({ related: { trace, ties } }: { readonly related: RelatedTrace }): ReactElement {
  return (
    <tr>
      <th scope="row">
        <Link href={`/trace/${trace.traceId}`}>
          <KindIcon kind={trace.rootKind} size={14} /> {trace.rootName || trace.traceId}
        </Link>
      </th>
      <td>{ties.map((tie) => TIE_WORDS[tie]).join(", ")}</td>
      <td>{formatCount(trace.spanCount)}</td>
      <td>{formatDuration(trace.durationMs)}</td>
      <td>{formatBound(formatCost(trace.costNanos), trace.costNanos !== null && trace.unpricedCalls > 0)}</td>
    </tr>
  );
}
