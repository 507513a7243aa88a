import type { ReactElement } from "react";
import { Link } from "wouter";
import { Badge } from "../ui/badge.tsx";
import { type TraceBegin, TIE_WORDS } from "./joined-spans.ts";
import styles from "./trace-mark.module.css";

interface TraceMarkProps {
  readonly begin: TraceBegin | undefined;
  /** Inside of a button there is no room for a link. */
  readonly isPlain?: boolean;
}

/** Digits of a trace id that are enough to tell it from the others on a page. */
const DIGITS = 8;

/** Says that another trace begins at a row: which, and what ties it to the row above. */
export function TraceMark({ begin, isPlain = false }: TraceMarkProps): ReactElement | null {
  if (begin === undefined) return null;
  const { traceId, isOwn, tie } = begin;
  const words = isOwn ? "this trace" : `trace ${traceId.slice(0, DIGITS)}`;
  const title = `Trace ${traceId} begins here${tie === null ? "" : `: ${BEGINS[tie]}`}`;
  if (isOwn || isPlain)
    return (
      <Badge tone="accent" title={title}>
        {words}
      </Badge>
    );
  return (
    <Badge tone="accent" title={title}>
      <Link
        href={`/trace/${traceId}`}
        className={styles.link}
        // The arrow keys go from row to row; the details of the span have the same link.
        tabIndex={-1}
        onClick={(event) => event.stopPropagation()}
      >
        {words}
      </Link>
    </Badge>
  );
}

/** Seen from where a trace begins. */
const BEGINS: typeof TIE_WORDS = { ...TIE_WORDS, parent: "the span above is its parent", link: "a link ties them" };
