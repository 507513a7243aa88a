import type { ReactElement } from "react";
import { spanFacts } from "../trace/span-facts.ts";
import type { TraceModel } from "../trace/trace-model.ts";
import { Badge } from "../ui/badge.tsx";
import { classes } from "../ui/classes.ts";
import { KindIcon } from "../ui/kind-icon.tsx";
import { ItemFacts } from "./item-facts.tsx";
import styles from "./reader.module.css";

/** Where an agent takes over. */
export function AgentItem({ model, span }: { readonly model: TraceModel; readonly span: number }): ReactElement {
  const facts = spanFacts(model.skeleton, span);
  const failedBelow = model.index.errorsBelow[span] ?? 0;
  return (
    <button
      type="button"
      className={classes(styles.agent, model.selected === span && styles.selected)}
      aria-pressed={model.selected === span}
      onClick={() => model.select(span)}
    >
      <KindIcon kind={facts.kind} size={16} />
      <span className={styles.agentName}>{facts.agentName || facts.name}</span>
      {facts.status === "error" && <Badge tone="error">failed</Badge>}
      {facts.status !== "error" && failedBelow > 0 && <Badge tone="error">{failedBelow} failed inside</Badge>}
      <span className={styles.rule} />
      <ItemFacts facts={facts} />
    </button>
  );
}
