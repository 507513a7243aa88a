import { Table2 } from "lucide-react";
import { type ReactElement, useMemo, useState } from "react";
import { DrawSpend } from "../charts/draw-spend.tsx";
import {
  bucketLabel,
  prepareSpend,
  type SpendChart,
  type SpendMeasure,
  type SpendTotals,
  sumSpend,
} from "../charts/prepare-spend.ts";
import { useSpend } from "../data/answers.ts";
import { SPEND_KEYS, type SpendKey } from "../data/client.ts";
import type { TimeRange } from "../data/url-state.ts";
import { formatCompact, formatCount, formatTokens, plural } from "../format/count.ts";
import { exactCost, formatCost } from "../format/money.ts";
import { IconButton } from "../ui/button.tsx";
import { classes } from "../ui/classes.ts";
import { Popover } from "../ui/popover.tsx";
import styles from "./spend-strip.module.css";

interface SpendStripProps {
  readonly range: TimeRange;
  /** The strip shows all calls of the range: it says so while the list shows less. */
  readonly isFiltered: boolean;
  readonly onRange: (range: TimeRange) => void;
}

/** Money and calls over time, above the list. */
export function SpendStrip({ range, isFiltered, onRange }: SpendStripProps): ReactElement | null {
  const [measure, setMeasure] = useState<SpendMeasure>("cost");
  const [by, setBy] = useState<SpendKey>("model");
  const spend = useSpend(range, by);
  // With several tags a trace is in several series: what was spent in all is told by model, where each call is once.
  const whole = useSpend(range, "model");
  const chart = useMemo(
    () => spend.data && prepareSpend(spend.data.spend, measure, spend.data.from),
    [spend.data, measure],
  );
  const totals = useMemo(() => whole.data && sumSpend(whole.data.spend), [whole.data]);
  const error = spend.error ?? whole.error;
  if (error !== null) return <p className={styles.error}>Spend is not available: {error.message}</p>;
  if (chart === undefined || totals === undefined || chart.times.length === 0) return <div className={styles.empty} />;
  return (
    <section className={styles.strip} aria-label="Spend over time">
      <Totals totals={totals} measure={measure} onMeasure={setMeasure} isFiltered={isFiltered} />
      <ChartWithLegend chart={chart} by={by} onBy={setBy} onRange={onRange} />
    </section>
  );
}

interface TotalsProps {
  readonly totals: SpendTotals;
  readonly measure: SpendMeasure;
  readonly onMeasure: (measure: SpendMeasure) => void;
  readonly isFiltered: boolean;
}

function Totals({ totals, measure, onMeasure, isFiltered }: TotalsProps): ReactElement {
  const { nanos, calls, tokens, unpricedCalls, unsent, estimated } = totals;
  const bound = unpricedCalls > 0 ? "≥ " : "";
  const figure = (name: SpendMeasure, label: string, value: string, title: string): ReactElement => (
    <button
      type="button"
      className={classes(styles.figure, measure === name && styles.chosen)}
      aria-pressed={measure === name}
      title={title}
      onClick={() => onMeasure(name)}
    >
      <span className={styles.label}>{label}</span>
      <span className={styles.value}>{value}</span>
    </button>
  );
  return (
    <div className={styles.totals}>
      <div className={styles.figures}>
        {figure("cost", "Spend", `${bound}${formatCost(nanos)}`, exactCost(nanos))}
        {figure("calls", "Calls", formatCompact(calls), formatCount(calls))}
        <div className={styles.figure} title={formatTokens(tokens)}>
          <span className={styles.label}>Tokens</span>
          <span className={styles.value}>{tokens === null ? "?" : formatCompact(tokens)}</span>
        </div>
        {estimated !== null && (
          <div
            className={styles.figure}
            title={`Counted from the text of ${plural(estimated.calls, "call")} of which nobody told the tokens; not in the total`}
          >
            <span className={styles.label}>Estimated</span>
            <span className={classes(styles.value, styles.estimated)}>≈ {formatCost(estimated.nanos)}</span>
          </div>
        )}
      </div>
      <p className={styles.remark}>
        {unsent !== null && (
          <span title="Counted by the SDK and not sent: sampled, or no room for it">
            {`${plural(unsent.calls, "call")} of them, ${formatCost(unsent.nanos)}, without traces. `}
          </span>
        )}
        {unpricedCalls > 0 && `The cost of ${plural(unpricedCalls, "call")} is not wholly known. `}
        {isFiltered && "Of all traces in this range."}
      </p>
    </div>
  );
}

interface ChartProps {
  readonly chart: SpendChart;
  readonly by: SpendKey;
  readonly onBy: (by: SpendKey) => void;
  readonly onRange: (range: TimeRange) => void;
}

function ChartWithLegend({ chart, by, onBy, onRange }: ChartProps): ReactElement {
  const [pointed, setPointed] = useState<number | null>(null);
  return (
    <div className={styles.right}>
      <div className={styles.top}>
        <label className={styles.by}>
          by{" "}
          <select
            aria-label="Split spend up by"
            title={by === "tag" ? "A trace counts under each of its tags" : undefined}
            className={styles.select}
            value={by}
            onChange={(event) => onBy(SPEND_KEYS.find((key) => key === event.target.value) ?? "model")}
          >
            {SPEND_KEYS.map((key) => (
              <option key={key}>{key}</option>
            ))}
          </select>
        </label>
        <ul className={styles.legend}>
          {chart.series.map((series) => (
            <li key={series.key} className={styles.entry}>
              <span className={classes(styles.swatch, styles[`series${series.colour}`])} />
              <span className={styles.key}>{series.key}</span>
              {pointed !== null && (
                <span className={styles.at}>{show(series.values[pointed] ?? null, chart.measure)}</span>
              )}
            </li>
          ))}
        </ul>
        <span className={styles.when}>{pointed === null ? "" : bucketLabel(chart, pointed)}</span>
        <SpendTable chart={chart} />
      </div>
      <div className={styles.chart}>
        <DrawSpend chart={chart} onPoint={setPointed} onSelect={(from, to) => onRange({ type: "between", from, to })} />
      </div>
    </div>
  );
}

function SpendTable({ chart }: { readonly chart: SpendChart }): ReactElement {
  const trigger = (
    <IconButton label="Show as a table" className={styles.toggle}>
      <Table2 size={14} aria-hidden />
    </IconButton>
  );
  const filled = chart.times
    .map((_, index) => index)
    .filter((index) => chart.series.some((series) => series.values[index] != null));
  return (
    <Popover trigger={trigger} label="Spend as a table" align="end">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Time</th>
            {chart.series.map((series) => (
              <th key={series.key} scope="col">
                {series.key}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {filled.reverse().map((index) => (
            <tr key={index}>
              <th scope="row">{bucketLabel(chart, index)}</th>
              {chart.series.map((series) => (
                <td key={series.key}>{show(series.values[index] ?? null, chart.measure)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Popover>
  );
}

function show(value: number | null, measure: SpendMeasure): string {
  if (value === null) return "–";
  return measure === "calls" ? formatCount(value) : formatCost(BigInt(Math.round(value * 1e9)));
}
