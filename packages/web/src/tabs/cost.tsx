import type { ApiCostLine, SpanDetail } from "@telltale/server/api-types";
import { CircleCheck, CircleSlash } from "lucide-react";
import type { ReactElement } from "react";
import { billingWords, bucketLabel, lineNanos, reasonWords, tierWords, usageRows } from "../details/cost-lines.ts";
import styles from "../details/cost.module.css";
import { SpanEstimate } from "../details/span-estimate.tsx";
import { Section } from "../details/section.tsx";
import { formatCount } from "../format/count.ts";
import { exactCost, formatBound, formatCost } from "../format/money.ts";
import type { Tab, TabProps } from "../tab.ts";
import { findSameCall } from "../trace/same-call.ts";
import { spanFacts } from "../trace/span-facts.ts";
import { classes } from "../ui/classes.ts";

/** Where the amount comes from, line by line. */
export const cost: Tab = {
  name: "cost",
  label: "Cost",
  rank: 40,
  fits: (detail) =>
    detail.usage.length > 0 || detail.cost !== null || detail.kind === "llm" || detail.kind === "embedding",
  Component: CostTab,
};

function CostTab({ detail, model }: TabProps): ReactElement {
  return (
    <>
      <Billing detail={detail} model={model} />
      <Computed detail={detail} />
      {detail.cost?.reported !== undefined && (
        <Section title="Reported by the sender">
          <p>
            <strong title={exactCost(detail.cost.reported.nanos)}>{formatCost(detail.cost.reported.nanos)}</strong>{" "}
            <span className={styles.faint}>from {detail.cost.reported.source}; shown for comparison, not used</span>
          </p>
        </Section>
      )}
      {detail.usage.length > 0 && <Usage detail={detail} />}
      <SpanEstimate detail={detail} />
    </>
  );
}

function Billing({ detail, model }: TabProps): ReactElement {
  const words = billingWords(detail.billing);
  const same =
    detail.billing === "shadow" && model.selected !== undefined ? findSameCall(model.index, model.selected) : undefined;
  const Sign = words.isCounted ? CircleCheck : CircleSlash;
  return (
    <div className={classes(styles.billing, words.isCounted && styles.counted)}>
      <Sign size={16} aria-hidden />
      <div>
        <p className={styles.word}>{words.word}</p>
        <p className={styles.sentence}>
          {words.sentence}{" "}
          {same !== undefined && (
            <button type="button" className={styles.link} onClick={() => model.select(same)}>
              Go to {spanFacts(model.skeleton, same).name}
            </button>
          )}
        </p>
      </div>
    </div>
  );
}

function Computed({ detail }: { readonly detail: SpanDetail }): ReactElement | null {
  const { cost: computed } = detail;
  if (computed === null) return null;
  const isLowerBound = computed.nanos !== null && computed.reason !== undefined;
  const why = reasonWords(computed.reason, detail.responseModel || detail.requestModel);
  if (computed.lines.length === 0)
    return (
      <Section title="Computed">
        <p>{why}</p>
      </Section>
    );
  return (
    <Section title="Computed" aside={<span className={styles.faint}>{computed.currency}</span>}>
      <div className={styles.wide} tabIndex={0} role="group" aria-label="Lines of the cost">
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Bucket</th>
              <th scope="col">Tokens</th>
              <th scope="col">Per million</th>
              <th scope="col">Amount</th>
              <th scope="col">Price row</th>
            </tr>
          </thead>
          <tbody>
            {computed.lines.map((line, index) => (
              <Line key={index} line={line} />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" colSpan={3}>
                Total
              </th>
              <td title={computed.nanos === null ? undefined : exactCost(computed.nanos)}>
                {formatBound(formatCost(computed.nanos), isLowerBound)}
              </td>
            </tr>
          </tfoot>
        </table>
      </div>
      {(computed.nanos === null || isLowerBound) && <p>{why}</p>}
    </Section>
  );
}

function Line({ line }: { readonly line: ApiCostLine }): ReactElement {
  return (
    <tr>
      <th scope="row">{bucketLabel(line.bucket)}</th>
      <td>{formatCount(line.tokens)}</td>
      <td title={exactCost(line.nanosPerMillion)}>{formatCost(line.nanosPerMillion)}</td>
      <td title={exactCost(lineNanos(line))}>{formatCost(lineNanos(line))}</td>
      <td className={styles.source}>
        <span>{line.price}</span>
        <span className={styles.faint}>
          {line.source}
          {line.tier !== undefined && `, ${tierWords(line.tier)}`}
        </span>
      </td>
    </tr>
  );
}

function Usage({ detail }: { readonly detail: SpanDetail }): ReactElement {
  return (
    <Section title="Usage as told">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Bucket</th>
            <th scope="col">Tokens</th>
            <th scope="col" className={styles.left}>
              Model
            </th>
            <th scope="col" className={styles.left}>
              How it is known
            </th>
          </tr>
        </thead>
        <tbody>
          {usageRows(detail.usage).map((row, index) => (
            <tr key={index}>
              <th scope="row">{row.bucket}</th>
              <td>{formatCount(row.tokens)}</td>
              <td className={styles.left}>{row.model}</td>
              <td className={styles.left}>{row.quality}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
