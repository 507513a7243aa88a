import type { Json } from "@telltale/model";
import type { SpanDetail } from "@telltale/server/api-types";
import type { ReactElement } from "react";
import { formatCount } from "../format/count.ts";
import { formatCost } from "../format/money.ts";
import styles from "./cost.module.css";
import { Section } from "./section.tsx";

/** What was counted from the text of a call of which nobody told the tokens; nothing where somebody did. */
export function SpanEstimate({ detail }: { readonly detail: SpanDetail }): ReactElement | null {
  const whole = (name: string): number | undefined => wholeOf(detail.attributes[`telltale.estimated.${name}`]);
  const input = whole("input_tokens");
  const output = whole("output_tokens");
  if (detail.usage.length > 0 || (input === undefined && output === undefined)) return null;
  const costs = [whole("input_cost_nanos"), whole("output_cost_nanos")].filter((each) => each !== undefined);
  const nanos = costs.reduce((sum, each) => sum + each, 0);
  const counting = detail.attributes["telltale.estimated.counting"];
  return (
    <Section title="Estimated">
      <p>
        {costs.length > 0 && <strong>≈ {formatCost(BigInt(nanos))} </strong>}
        <span className={styles.faint}>
          from about {input === undefined ? "unknown" : formatCount(input)} tokens of input and{" "}
          {output === undefined ? "unknown" : formatCount(output)} of output, counted from their text
          {typeof counting === "string" && ` (${counting})`}; in no total
        </span>
      </p>
    </Section>
  );
}

function wholeOf(value: Json | undefined): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
