import type { ReactElement } from "react";
import { formatCompact } from "../format/count.ts";
import { formatDuration } from "../format/duration.ts";
import { formatBound, formatShortCost } from "../format/money.ts";
import type { SpanFacts } from "../trace/span-facts.ts";
import styles from "./reader.module.css";

/** Tokens, cost and duration at the right end of an item's head. */
export function ItemFacts({ facts }: { readonly facts: SpanFacts }): ReactElement {
  const { inputTokens, outputTokens, billing, costNanos, isLowerBound } = facts;
  const isCall = facts.kind === "llm";
  return (
    <span className={styles.facts}>
      {isCall && (
        <span className={styles.fact} title="Input and output tokens">
          {inputTokens === null ? "?" : formatCompact(inputTokens)} →{" "}
          {outputTokens === null ? "?" : formatCompact(outputTokens)}
        </span>
      )}
      {billing === "billed" && (
        <span className={styles.cost}>
          {costNanos === null ? "cost unknown" : formatBound(formatShortCost(costNanos), isLowerBound)}
        </span>
      )}
      <span className={styles.time}>{formatDuration(facts.duration)}</span>
    </span>
  );
}
