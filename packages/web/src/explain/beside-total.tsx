import type { CostExplanation, EstimatedShare } from "@telltale/server/api-types";
import type { ReactElement } from "react";
import { plural } from "../format/count.ts";
import { exactCost } from "../format/money.ts";
import styles from "./explain-page.module.css";

/** What stands beside a sum and is not in it, and what of it is not as sure as the rest. */
export function BesideTotal({ cost }: { readonly cost: CostExplanation }): ReactElement | null {
  const { estimated, estimatedBySender, reported } = cost;
  if (estimated === null && estimatedBySender === null && reported === null) return null;
  return (
    <ul className={styles.shares} aria-label="Beside the total">
      {estimated !== null && (
        <li>
          <strong>≈ {exactCost(estimated.nanos)}</strong> estimated beside it, from the text of{" "}
          {plural(estimated.calls, "call")} of which nobody told the tokens{unpriced(estimated)}; not in the total
        </li>
      )}
      {estimatedBySender !== null && (
        <li>
          <strong>{exactCost(estimatedBySender.nanos)}</strong> of the total is for tokens that the sender may have
          counted itself, in {plural(estimatedBySender.calls, "call")}
        </li>
      )}
      {reported !== null && (
        <li>
          <strong>{exactCost(reported.nanos)}</strong> is what the senders of {plural(reported.calls, "call")} said that
          these cost; for comparison, and not in the total
        </li>
      )}
    </ul>
  );
}

function unpriced({ unpricedCalls }: EstimatedShare): string {
  return unpricedCalls === 0 ? "" : `, ${unpricedCalls} of them without a price`;
}
