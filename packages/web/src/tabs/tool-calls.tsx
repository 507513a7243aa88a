import { Wrench } from "lucide-react";
import type { ReactElement } from "react";
import styles from "../content/content.module.css";
import { AnyValue } from "../content/message-card.tsx";
import { type ToolExchange, toolExchanges } from "../content/tool-exchanges.ts";
import { Section } from "../details/section.tsx";
import type { Tab, TabProps } from "../tab.ts";
import { Badge } from "../ui/badge.tsx";

/** The tools a model called, each with its answer. */
export const toolCalls: Tab = {
  name: "tools",
  label: "Tool calls",
  rank: 30,
  fits: (detail) => toolExchanges(detail.input, detail.output).length > 0,
  count: (detail) => toolExchanges(detail.input, detail.output).length,
  Component: ToolCallsTab,
};

function ToolCallsTab({ detail }: TabProps): ReactElement {
  const exchanges = toolExchanges(detail.input, detail.output);
  const asked = exchanges.filter(({ isNew }) => isNew);
  const earlier = exchanges.filter(({ isNew }) => !isNew);
  return (
    <>
      {asked.length > 0 && (
        <Section title="Asked for by this call">
          <Exchanges exchanges={asked} />
        </Section>
      )}
      {earlier.length > 0 && (
        <Section title="Earlier in the conversation">
          <Exchanges exchanges={earlier} />
        </Section>
      )}
    </>
  );
}

function Exchanges({ exchanges }: { readonly exchanges: readonly ToolExchange[] }): ReactElement {
  return (
    <div className={styles.messages}>
      {exchanges.map((exchange, index) => (
        <div key={index} className={styles.call}>
          <div className={styles.callHead}>
            <Wrench size={13} aria-hidden />
            {exchange.name}
            <span className={styles.callId}>{exchange.id}</span>
            {!exchange.isAnswered && !exchange.isNew && (
              <span className={styles.end}>
                <Badge tone="warning">no answer in the conversation</Badge>
              </span>
            )}
          </div>
          <div className={styles.callBody}>
            <AnyValue value={exchange.arguments} label={`Arguments of ${exchange.name}`} />
          </div>
          {exchange.isAnswered && (
            <>
              <div className={styles.callHead}>Result</div>
              <div className={styles.callBody}>
                <AnyValue value={exchange.response} label={`Result of ${exchange.name}`} />
              </div>
            </>
          )}
        </div>
      ))}
    </div>
  );
}
