import type { Message } from "@telltale/model";
import type { SpanDetail } from "@telltale/server/api-types";
import { History } from "lucide-react";
import { type ReactElement, useState } from "react";
import { ContentView } from "../content/content-view.tsx";
import { MessageCard } from "../content/message-card.tsx";
import { useSpan } from "../data/answers.ts";
import { plural } from "../format/count.ts";
import { spanKey } from "../trace/joined-spans.ts";
import { spanFacts } from "../trace/span-facts.ts";
import type { TraceModel } from "../trace/trace-model.ts";
import { Badge } from "../ui/badge.tsx";
import { classes } from "../ui/classes.ts";
import { KindIcon } from "../ui/kind-icon.tsx";
import { ItemFacts } from "./item-facts.tsx";
import styles from "./reader.module.css";
import { splitTurn } from "./turn.ts";

interface ModelItemProps {
  readonly model: TraceModel;
  readonly span: number;
}

/** One call of a model: what is new in its input, and its answer. */
export function ModelItem({ model, span }: ModelItemProps): ReactElement {
  const facts = spanFacts(model.skeleton, span);
  const detail = useSpan(model.traceId, spanKey(model.skeleton, span));
  const isSelected = model.selected === span;
  return (
    <article
      className={classes(styles.item, isSelected && styles.selectedItem, facts.status === "error" && styles.failedItem)}
    >
      <button type="button" className={styles.head} aria-pressed={isSelected} onClick={() => model.select(span)}>
        <KindIcon kind={facts.kind} />
        <span className={styles.model}>{facts.model || facts.name}</span>
        {facts.status === "error" && <Badge tone="error">failed</Badge>}
        <ItemFacts facts={facts} />
      </button>
      <div className={styles.body}>
        {detail.data !== undefined && <Conversation detail={detail.data} />}
        {detail.isPending && <p className={styles.preview}>{facts.outputPreview || facts.inputPreview || "Loading"}</p>}
        {detail.isError && <p className={styles.problem}>Its content could not be loaded: {detail.error.message}</p>}
      </div>
    </article>
  );
}

function Conversation({ detail }: { readonly detail: SpanDetail }): ReactElement {
  const { earlier, added, toolResults } = splitTurn(detail.input);
  return (
    <>
      {earlier.length > 0 && <Earlier messages={earlier} toolResults={toolResults} />}
      {added.map((message, index) => (
        <MessageCard
          key={index}
          message={message}
          startsFolded={message.role === "system" || message.role === "developer"}
        />
      ))}
      {detail.input !== null && detail.input.type !== "messages" && (
        <ContentView content={detail.input} label="Input" />
      )}
      <Answer output={detail.output} />
      {detail.status === "error" && (
        <p className={styles.problem}>
          {detail.errorType !== "" && <strong>{detail.errorType}: </strong>}
          {detail.errorMessage || "It failed and did not say why"}
        </p>
      )}
    </>
  );
}

/** The answer needs no frame: everything else around it is input. */
function Answer({ output }: { readonly output: SpanDetail["output"] }): ReactElement | null {
  if (output === null) return null;
  if (output.type !== "messages") return <ContentView content={output} label="Output" />;
  return (
    <>
      {output.messages.map((message, index) => (
        <MessageCard key={index} message={message} isPlain />
      ))}
    </>
  );
}

function Earlier({
  messages,
  toolResults,
}: {
  readonly messages: readonly Message[];
  readonly toolResults: number;
}): ReactElement {
  const [isShown, setShown] = useState(false);
  const results = toolResults === 0 ? "" : `, and ${plural(toolResults, "tool result")} shown above`;
  return (
    <>
      <button type="button" className={styles.earlier} aria-expanded={isShown} onClick={() => setShown(!isShown)}>
        <History size={13} aria-hidden />
        {isShown ? "Hide" : "Sent again:"} {plural(messages.length, "earlier message")}
        {results}
      </button>
      {isShown && messages.map((message, index) => <MessageCard key={index} message={message} startsFolded />)}
    </>
  );
}
