import { ArrowRight, ChevronDown, ChevronRight } from "lucide-react";
import { type ReactElement, useState } from "react";
import { ContentView } from "../content/content-view.tsx";
import { useSpan } from "../data/answers.ts";
import { Section } from "../details/section.tsx";
import { spanKey } from "../trace/joined-spans.ts";
import { spanFacts } from "../trace/span-facts.ts";
import type { TraceModel } from "../trace/trace-model.ts";
import { Badge } from "../ui/badge.tsx";
import { classes } from "../ui/classes.ts";
import { KindIcon } from "../ui/kind-icon.tsx";
import { ItemFacts } from "./item-facts.tsx";
import styles from "./reader.module.css";

interface ToolItemProps {
  readonly model: TraceModel;
  readonly span: number;
}

/** One call of a tool: a line with what went in and came out, and all of it when it is opened. */
export function ToolItem({ model, span }: ToolItemProps): ReactElement {
  const [isOpen, setOpen] = useState(false);
  const facts = spanFacts(model.skeleton, span);
  const isSelected = model.selected === span;
  const Arrow = isOpen ? ChevronDown : ChevronRight;
  return (
    <article
      className={classes(styles.item, isSelected && styles.selectedItem, facts.status === "error" && styles.failedItem)}
    >
      <div className={styles.toolHead}>
        <button
          type="button"
          className={styles.fold}
          aria-expanded={isOpen}
          aria-label={`${isOpen ? "Close" : "Open"} ${facts.name}`}
          onClick={() => setOpen(!isOpen)}
        >
          <Arrow size={14} aria-hidden />
        </button>
        <button type="button" className={styles.toolMain} aria-pressed={isSelected} onClick={() => model.select(span)}>
          <KindIcon kind={facts.kind} />
          <span className={styles.toolName}>{facts.toolName || facts.name}</span>
          {facts.status === "error" && <Badge tone="error">failed</Badge>}
          <span className={styles.glance}>
            <span className={styles.glanceText}>{facts.inputPreview}</span>
            {facts.outputPreview !== "" && (
              <>
                <ArrowRight size={12} aria-label="gives" />
                <span className={styles.glanceText}>{facts.outputPreview}</span>
              </>
            )}
          </span>
          <ItemFacts facts={facts} />
        </button>
      </div>
      {isOpen && <ToolContent traceId={model.traceId} keyOfSpan={spanKey(model.skeleton, span)} />}
    </article>
  );
}

function ToolContent({ traceId, keyOfSpan }: { readonly traceId: string; readonly keyOfSpan: string }): ReactElement {
  const detail = useSpan(traceId, keyOfSpan);
  if (detail.isError) return <p className={styles.problem}>Its content could not be loaded: {detail.error.message}</p>;
  if (detail.data === undefined) return <p className={styles.preview}>Loading</p>;
  return (
    <div className={styles.toolBody}>
      <Section title="Arguments">
        <ContentView content={detail.data.input} label="Arguments" />
      </Section>
      <Section title="Result">
        <ContentView content={detail.data.output} label="Result" />
      </Section>
      {detail.data.errorMessage !== "" && <p className={styles.problem}>{detail.data.errorMessage}</p>}
    </div>
  );
}
