import type { BudgetStatus, BudgetValue } from "@telltale/server/api-types";
import type { ReactElement } from "react";
import { classes } from "../ui/classes.ts";
import { spentWords, stateWords } from "./budget-words.ts";
import styles from "./budgets-page.module.css";

interface BudgetBarProps {
  readonly budget: BudgetStatus;
  readonly value: BudgetValue;
}

/** How much of an amount is spent, with a tick at each threshold. The figures stand beside it in words. */
export function BudgetBar({ budget, value }: BudgetBarProps): ReactElement {
  const { name, amountNanos, thresholds } = budget;
  const { spent, share } = spentWords(value, amountNanos);
  const filled = Math.min(1, Math.max(0, value.share));
  return (
    <div
      className={styles.bar}
      role="meter"
      aria-label={value.value === "" ? name : `${name}, ${value.value}`}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(filled * 100)}
      aria-valuetext={`${spent}, ${share}: ${stateWords(value.state, value.unpricedCalls)}`}
    >
      <div className={classes(styles.filled, styles[value.state])} style={{ width: `${filled * 100}%` }} />
      {thresholds
        .filter((threshold) => threshold < 100)
        .map((threshold) => (
          <span key={threshold} className={styles.tick} style={{ left: `${threshold}%` }} title={`${threshold} %`} />
        ))}
    </div>
  );
}
