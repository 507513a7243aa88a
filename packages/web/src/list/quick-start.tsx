import { useMutation } from "@tanstack/react-query";
import { Check, Radio, Send } from "lucide-react";
import { type ReactElement, useEffect, useState } from "react";
import { Link } from "wouter";
import { listenLive } from "../data/live.ts";
import { Button } from "../ui/button.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { TabList } from "../ui/tab-list.tsx";
import styles from "./quick-start.module.css";
import { quickStartTexts } from "./quick-start-texts.ts";
import { sendTestTrace } from "./test-trace.ts";

/** What the page shows while no trace ever came: how to send one, and a line that turns green by itself. */
export function QuickStart({ onLeave }: { readonly onLeave: () => void }): ReactElement {
  const texts = quickStartTexts(window.location.origin);
  const [tab, setTab] = useState("sdk");
  const shown = texts.find(({ name }) => name === tab);
  return (
    <div className={styles.page}>
      <div className={styles.sheet}>
        <h1 className={styles.title}>Send your first trace</h1>
        <p className={styles.intro}>Telltale listens for OpenTelemetry on the same address as this page.</p>
        <div className={styles.endpoint}>
          <span className={styles.label}>Endpoint</span>
          <code>{window.location.origin}</code>
          <CopyButton text={() => window.location.origin} label="Copy the endpoint" />
        </div>
        <div className={styles.ways}>
          <TabList label="Ways to send" tabs={texts} selected={tab} onSelect={setTab}>
            {shown && (
              <div className={styles.way}>
                <p className={styles.wayIntro}>{shown.intro}</p>
                <div className={styles.code}>
                  <pre tabIndex={0}>{shown.text}</pre>
                  <CopyButton className={styles.copy} text={() => shown.text} label="Copy" />
                </div>
              </div>
            )}
          </TabList>
        </div>
        <Arrival onLeave={onLeave} />
      </div>
    </div>
  );
}

function Arrival({ onLeave }: { readonly onLeave: () => void }): ReactElement {
  const [traceId, setTraceId] = useState<string>();
  const test = useMutation({ mutationFn: sendTestTrace });
  useEffect(() => listenLive((trace) => setTraceId((first) => first ?? trace.traceId)), []);
  const hasArrived = traceId !== undefined;
  return (
    <div className={hasArrived ? styles.arrived : styles.waiting} role="status">
      {hasArrived ? <Check size={17} aria-hidden /> : <Radio size={17} className={styles.pulse} aria-hidden />}
      <span className={styles.words}>{hasArrived ? "The first trace has arrived" : "Waiting for the first span"}</span>
      {hasArrived ? (
        <>
          <Button onClick={onLeave}>Show all traces</Button>
          <Link href={`/trace/${traceId}`} className={styles.open}>
            Open it
          </Link>
        </>
      ) : (
        <Button look="primary" disabled={test.isPending} onClick={() => test.mutate()}>
          <Send size={14} aria-hidden />
          Send a test trace
        </Button>
      )}
      {test.isError && <p className={styles.error}>{test.error.message}</p>}
      {test.isSuccess && !hasArrived && <p className={styles.sent}>Sent. It shows up as soon as it is stored.</p>}
    </div>
  );
}
