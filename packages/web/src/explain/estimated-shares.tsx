import type { CostExplanation, EstimatedShare } from "@telltale/server/api-types";
import type { ReactElement } from "react";
import { plural } from "../format/count.ts";
import { exactCost } from "../format/money.ts";
import styles from "./explain-page.module.css";

/** What is estimated beside a sum, and in it. */
export function EstimatedShares({ cost }: { readonly cost: CostExplanation }): ReactElement | null {
  const { estimated, estimatedBySender } = cost;
  if (estimated === null && estimatedBySender === null) return null;
  return (
    <ul className={styles.shares} aria-label="Estimated">
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
    </ul>
  );
}

function unpriced({ unpricedCalls }: EstimatedShare): string {
  return unpricedCalls === 0 ? "" : `, ${unpricedCalls} of them without a price`;
}
