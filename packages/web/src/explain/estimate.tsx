import { useMutation } from "@tanstack/react-query";
import type { CostEstimate } from "@telltale/server/api-types";
import type { ReactElement } from "react";
import { type CostRequest, getEstimate } from "../data/client.ts";
import { formatCount } from "../format/count.ts";
import { exactCost, formatCost } from "../format/money.ts";
import { Button } from "../ui/button.tsx";
import { ErrorNote } from "../ui/note.tsx";
import styles from "./explain-page.module.css";

const COUNTINGS: { readonly [counting in CostEstimate["models"][number]["counting"]]: string } = {
  o200k_base: "OpenAI's tokenizer o200k",
  cl100k_base: "OpenAI's tokenizer cl100k",
  bytes: "a token for each four bytes",
};

/** About what calls cost of which nobody told the tokens; only when somebody asks. */
export function Estimate({ request }: { readonly request: CostRequest }): ReactElement {
  const estimate = useMutation({ mutationFn: () => getEstimate(request) });
  return (
    <section className={styles.section} aria-labelledby="estimate">
      <h2 id="estimate" className={styles.heading}>
        Estimate
      </h2>
      {estimate.isIdle && <Button onClick={() => estimate.mutate()}>Estimate what nobody told</Button>}
      {estimate.isPending && <p role="status">Counting</p>}
      {estimate.isError && <ErrorNote error={estimate.error} onRetry={() => estimate.mutate()} />}
      {estimate.isSuccess && <Estimated estimate={estimate.data} />}
    </section>
  );
}

function Estimated({ estimate }: { readonly estimate: CostEstimate }): ReactElement {
  const { nanos, calls, uncountedCalls, isComplete, models } = estimate;
  return (
    <>
      <p className={styles.total}>
        <strong>≈ {exactCost(nanos)}</strong>
        <span className={styles.remark}>
          counted from the text of {formatCount(calls)} {calls === 1 ? "call" : "calls"}, in no other figure
          {uncountedCalls > 0 && `; ${formatCount(uncountedCalls)} told no text`}
          {!isComplete && ". There are more calls than were counted: ask for one model, or one trace"}
        </span>
      </p>
      <ul className={styles.list}>
        {models.map((model) => (
          <li key={model.model}>
            <strong>{model.model || "no model told"}</strong>: about {formatCount(model.inputTokens)} tokens of input
            and {formatCount(model.outputTokens)} of output, by {COUNTINGS[model.counting]};{" "}
            {model.unpricedCalls === model.calls ? "no price" : `≈ ${formatCost(model.nanos)}`}
          </li>
        ))}
      </ul>
    </>
  );
}
