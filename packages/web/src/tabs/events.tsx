import type { SpanDetail } from "@telltale/server/api-types";
import type { ReactElement } from "react";
import { Link } from "wouter";
import styles from "../details/events.module.css";
import { Section } from "../details/section.tsx";
import { formatDuration } from "../format/duration.ts";
import { formatExact } from "../format/time.ts";
import { JsonView } from "../json/json-view.tsx";
import type { Tab, TabProps } from "../tab.ts";

/** What happened during a span, and what it points to. */
export const events: Tab = {
  name: "events",
  label: "Events",
  rank: 60,
  fits: (detail) => detail.events.length + detail.links.length > 0,
  count: (detail) => detail.events.length,
  Component: EventsTab,
};

/** Drawn at most. */
const MOST = 200;

function EventsTab({ detail }: TabProps): ReactElement {
  return (
    <>
      <ol>
        {detail.events.slice(0, MOST).map((event, index) => (
          <Event key={index} event={event} start={detail.startTime} />
        ))}
      </ol>
      {detail.events.length > MOST && (
        <p className={styles.faint}>
          The first {MOST} of {detail.events.length}
        </p>
      )}
      {detail.links.length > 0 && (
        <Section title="Links">
          {detail.links.map((link) => (
            <p key={`${link.traceId}${link.spanId}`}>
              <Link href={`/trace/${link.traceId}?span=${link.spanId}`} className={styles.link}>
                {link.traceId} / {link.spanId}
              </Link>
            </p>
          ))}
        </Section>
      )}
    </>
  );
}

function Event({
  event,
  start,
}: {
  readonly event: SpanDetail["events"][number];
  readonly start: number;
}): ReactElement {
  const offset = event.time - start;
  return (
    <li className={styles.event}>
      <div className={styles.head}>
        <strong>{event.name}</strong>
        <span className={styles.faint} title={formatExact(event.time)}>
          {offset >= 0 ? `after ${formatDuration(offset)}` : `${formatDuration(-offset)} before the span began`}
        </span>
      </div>
      {Object.keys(event.attributes).length > 0 && (
        <JsonView value={event.attributes} label={`Attributes of ${event.name}`} />
      )}
    </li>
  );
}
