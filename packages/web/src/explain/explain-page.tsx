import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { COST_REASONS, type CostReason } from "@telltale/model";
import type { CostExplanation } from "@telltale/server/api-types";
import { type ReactElement, useMemo, useState } from "react";
import { Link, useLocation, useSearch } from "wouter";
import { getCost } from "../data/client.ts";
import { bucketLabel, reasonWords, tierWords } from "../details/cost-lines.ts";
import { formatCount } from "../format/count.ts";
import { exactCost, formatCost } from "../format/money.ts";
import { EmptyNote, ErrorNote, LoadingNote } from "../ui/note.tsx";
import { Estimate } from "./estimate.tsx";
import { BesideTotal } from "./beside-total.tsx";
import styles from "./explain-page.module.css";
import { type ExplainState, readExplainState, requestOf, writeExplainState } from "./explain-state.ts";

/** What the money of a trace or of a day is made of, line by line. */
export function ExplainPage(): ReactElement {
  const search = useSearch();
  const [, navigate] = useLocation();
  const [now] = useState(() => Date.now());
  const state = useMemo(() => readExplainState(search, now), [search, now]);
  const cost = useQuery({
    queryKey: ["cost", state],
    queryFn: ({ signal }) => getCost(requestOf(state), signal),
    placeholderData: keepPreviousData,
  });
  const change = (part: Partial<ExplainState>): void =>
    navigate(`/cost${writeExplainState({ ...state, ...part })}`, { replace: true });
  return (
    <div className={styles.page}>
      <ExplainBar state={state} onChange={change} />
      <div className={styles.body}>
        {cost.isPending && <LoadingNote label="Adding up" />}
        {cost.isError && <ErrorNote error={cost.error} onRetry={() => void cost.refetch()} />}
        {cost.isSuccess && <Explanation cost={cost.data} onModel={(model) => change({ model })} />}
        {cost.isSuccess && hasUncounted(cost.data) && <Estimate key={search} request={requestOf(state)} />}
      </div>
    </div>
  );
}

interface ExplainBarProps {
  readonly state: ExplainState;
  readonly onChange: (part: Partial<ExplainState>) => void;
}

function ExplainBar({ state, onChange }: ExplainBarProps): ReactElement {
  return (
    <header className={styles.bar}>
      <h1 className={styles.title}>Cost</h1>
      {state.trace === "" ? (
        <label className={styles.field}>
          Day in UTC
          <input
            type="date"
            className={styles.input}
            value={state.day}
            onChange={(event) => event.target.value !== "" && onChange({ day: event.target.value })}
          />
        </label>
      ) : (
        <p className={styles.remark}>
          of the trace{" "}
          <Link href={`/trace/${state.trace}`} className={styles.link}>
            {state.trace.slice(0, 8)}…
          </Link>
        </p>
      )}
      {state.model !== "" && (
        <button type="button" className={styles.only} onClick={() => onChange({ model: "" })}>
          only {state.model} <span aria-hidden>×</span>
          <span className={styles.hidden}>, show every model</span>
        </button>
      )}
    </header>
  );
}

interface ExplanationProps {
  readonly cost: CostExplanation;
  readonly onModel: (model: string) => void;
}

function Explanation({ cost, onModel }: ExplanationProps): ReactElement {
  if (cost.calls === 0) return <EmptyNote title="No billed calls">Nothing was billed there.</EmptyNote>;
  return (
    <>
      <Total cost={cost} />
      <BesideTotal cost={cost} />
      {cost.lines.length > 0 && <Lines cost={cost} onModel={onModel} />}
      {cost.unknown.length > 0 && (
        <section className={styles.section}>
          <h2 className={styles.heading}>Calls whose cost is not wholly known</h2>
          <ul className={styles.list}>
            {cost.unknown.map(({ model, reason, calls }) => (
              <li key={`${model} ${reason}`}>
                <strong>{model || "no model told"}</strong>, {formatCount(calls)} {calls === 1 ? "call" : "calls"}:{" "}
                {reasonWords(reasonOf(reason), model)}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

/** Whether there are calls of which nobody told the tokens, and no estimate was made when they came. */
function hasUncounted({ unknown, estimated }: CostExplanation): boolean {
  const calls = unknown.reduce((sum, entry) => sum + (entry.reason === "no-usage" ? entry.calls : 0), 0);
  return calls > (estimated?.calls ?? 0);
}

function reasonOf(reason: string): CostReason | undefined {
  return COST_REASONS.find((known) => known === reason);
}

function Total({ cost }: { readonly cost: CostExplanation }): ReactElement {
  const { totalNanos, calls, unpricedCalls, roundingNanos } = cost;
  return (
    <p className={styles.total}>
      <strong className={styles.amount}>
        {unpricedCalls > 0 && "≥ "}
        {exactCost(totalNanos)}
      </strong>
      <span className={styles.remark}>
        {formatCount(calls)} {calls === 1 ? "call" : "calls"}
        {unpricedCalls > 0 && `, of which ${formatCount(unpricedCalls)} have a cost that is not wholly known`}
        {roundingNanos !== "0" && `; rounding each call to a nano-dollar made ${roundingNanos} nano-dollars`}
      </span>
    </p>
  );
}

function Lines({ cost, onModel }: ExplanationProps): ReactElement {
  return (
    <div className={styles.wide} tabIndex={0} role="group" aria-label="Lines of the cost">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">Bucket</th>
            <th scope="col">Count</th>
            <th scope="col">Calls</th>
            <th scope="col">Per million</th>
            <th scope="col">Amount</th>
            <th scope="col">Price row</th>
          </tr>
        </thead>
        <tbody>
          {cost.lines.map((line) => (
            <tr key={`${line.model} ${line.bucket} ${line.price} ${line.tier} ${line.nanosPerMillion} ${line.source}`}>
              <th scope="row">
                <button type="button" className={styles.link} onClick={() => onModel(line.model)}>
                  {line.model}
                </button>
              </th>
              <td className={styles.left}>{bucketLabel(line.bucket)}</td>
              <td>{formatCount(Number(line.count))}</td>
              <td>{formatCount(line.calls)}</td>
              <td title={exactCost(line.nanosPerMillion)}>{formatCost(line.nanosPerMillion)}</td>
              <td title={exactCost(line.nanos)}>{formatCost(line.nanos)}</td>
              <td className={styles.left}>
                {line.price}
                <span className={styles.faint}>
                  {line.source}
                  {line.tier !== "" && `, ${tierWords(line.tier)}`}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
