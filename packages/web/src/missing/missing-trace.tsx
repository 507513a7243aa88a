import { parseSpanId, parseTraceId } from "@telltale/model";
import type { ReactElement } from "react";
import { Link } from "wouter";
import { ApiFailure } from "../data/client.ts";
import { Button } from "../ui/button.tsx";
import { ErrorNote } from "../ui/note.tsx";
import styles from "./missing-page.module.css";
import { MissingPage } from "./missing-page.tsx";

/** What stands in the address in place of a trace id has not the form of one. */
export function NoTraceId({ text }: { readonly text: string }): ReactElement {
  const meant = parseTraceId(text.replaceAll(/[^0-9a-z]/gi, ""));
  return (
    <MissingPage isTrace title="This is no trace id">
      <p>
        The id of a trace is 32 hex digits, not all of them zero, such as <code>0af7651916cd43dd8448eb211c80319c</code>.
        In the address stands <code>{text}</code>.
      </p>
      <ul className={styles.reasons}>
        <li>The link may have been cut off where it was copied: look at its end.</li>
        {parseSpanId(text) !== undefined && (
          <li>
            16 digits are the id of a span. On the page <Link href="/query">Query</Link> its trace is found with{" "}
            <code>SELECT trace_id FROM spans WHERE span_id = '{text.toLowerCase()}'</code>.
          </li>
        )}
        {meant !== undefined && (
          <li>
            Without what is no digit it would be one: <Link href={`/trace/${meant}`}>open {meant}</Link>.
          </li>
        )}
      </ul>
      <p className={styles.actions}>
        <Link href="/">To the list of traces</Link>
      </p>
    </MissingPage>
  );
}

interface MissingTraceProps {
  readonly traceId: string;
  /** Why it was not answered. */
  readonly error: Error;
  readonly onRetry: () => void;
}

/** The server has no such trace, or could not tell it. */
export function MissingTrace({ traceId, error, onRetry }: MissingTraceProps): ReactElement {
  if (!(error instanceof ApiFailure && error.status === 404))
    return (
      <MissingPage isTrace title="This trace cannot be shown">
        <ErrorNote error={error} onRetry={onRetry} />
      </MissingPage>
    );
  return (
    <MissingPage isTrace title="There is no such trace">
      <p>
        This server has no trace <code>{traceId}</code>.
      </p>
      <ul className={styles.reasons}>
        <li>It may not have arrived yet: spans are sent some seconds after they end. When it comes, it opens here.</li>
        <li>
          It may have been deleted from the store, for its age or for room, or left out by sampling before it was sent.
        </li>
        <li>It may be on another server, or in another data directory than this one was started with.</li>
      </ul>
      <p className={styles.actions}>
        <Button onClick={onRetry}>Try again</Button>
        <Link href="/">To the list of traces</Link>
      </p>
    </MissingPage>
  );
}
