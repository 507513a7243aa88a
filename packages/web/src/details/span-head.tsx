import type { SpanDetail } from "@telltale/server/api-types";
import { CircleAlert, X } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { Link } from "wouter";
import { formatTokens } from "../format/count.ts";
import { formatDuration } from "../format/duration.ts";
import { formatBound, formatCost } from "../format/money.ts";
import { formatExact } from "../format/time.ts";
import type { SpanPlace } from "../trace/joined-spans.ts";
import type { SpanFacts } from "../trace/span-facts.ts";
import { Badge } from "../ui/badge.tsx";
import { IconButton } from "../ui/button.tsx";
import { KindIcon } from "../ui/kind-icon.tsx";
import styles from "./details-panel.module.css";

interface SpanHeadProps {
  /** Absent when the span is not among those of the skeleton. */
  readonly facts: SpanFacts | undefined;
  readonly detail: SpanDetail | undefined;
  /** Milliseconds since 1970. */
  readonly origin: number;
  /** Where the span is stored, when that is not the trace of the page. */
  readonly elsewhere: SpanPlace | undefined;
  readonly onClose: () => void;
}

/** What is critical about a span, above the tabs. */
export function SpanHead({ facts, detail, origin, elsewhere, onClose }: SpanHeadProps): ReactElement {
  const status = detail?.status ?? facts?.status;
  return (
    <header className={styles.head}>
      <div className={styles.titleLine}>
        <KindIcon kind={detail?.kind ?? facts?.kind ?? "span"} size={17} />
        <h2 className={styles.title} title={detail?.name ?? facts?.name}>
          {detail?.name ?? facts?.name ?? "Span"}
        </h2>
        {status === "error" && <Badge tone="error">failed</Badge>}
        {detail?.endTime === null && <Badge tone="accent">running</Badge>}
        <IconButton label="Close the details" keys={["Escape"]} onClick={onClose}>
          <X size={16} aria-hidden />
        </IconButton>
      </div>
      <dl className={styles.facts}>
        <Facts facts={facts} detail={detail} origin={origin} />
        {elsewhere && (
          <Fact label="Trace">
            <Link href={`/trace/${elsewhere.traceId}?span=${elsewhere.spanId}`} className={styles.link}>
              {elsewhere.traceId}
            </Link>
          </Fact>
        )}
      </dl>
      {detail !== undefined && status === "error" && (
        <div className={styles.failure} role="note" tabIndex={0}>
          <CircleAlert size={15} aria-hidden />
          <span>
            {detail.errorType !== "" && <strong>{detail.errorType}: </strong>}
            {detail.errorMessage || (detail.errorType === "" ? "It failed and did not say why" : "no message")}
          </span>
        </div>
      )}
    </header>
  );
}

function Facts({ facts, detail, origin }: Omit<SpanHeadProps, "onClose" | "elsewhere">): ReactElement {
  const start = detail?.startTime ?? (facts === undefined ? undefined : origin + facts.start);
  const duration =
    detail === undefined
      ? facts?.duration
      : detail.endTime === null
        ? null
        : Math.max(0, detail.endTime - detail.startTime);
  const model = detail === undefined ? facts?.model : modelName(detail);
  const hasTokens = facts !== undefined && (facts.inputTokens !== null || facts.outputTokens !== null);
  return (
    <>
      {duration !== undefined && <Fact label="Duration">{formatDuration(duration)}</Fact>}
      {typeof detail?.timeToFirstTokenMs === "number" && (
        <Fact label="First token">{formatDuration(detail.timeToFirstTokenMs)}</Fact>
      )}
      {model && <Fact label="Model">{model}</Fact>}
      {hasTokens && (
        <Fact label="Tokens">
          {formatTokens(facts.inputTokens)} in, {formatTokens(facts.outputTokens)} out
        </Fact>
      )}
      {facts && facts.billing !== "none" && facts.billing !== "" && (
        <Fact label="Cost">{formatBound(formatCost(facts.costNanos), facts.isLowerBound)}</Fact>
      )}
      {detail?.finishReason ? <Fact label="Finish">{detail.finishReason}</Fact> : null}
      {detail?.agentName ? <Fact label="Agent">{detail.agentName}</Fact> : null}
      {detail?.promptName ? (
        <Fact label="Prompt">
          {detail.promptName}
          {detail.promptVersion && ` (${detail.promptVersion})`}
        </Fact>
      ) : null}
      {start !== undefined && <Fact label="Started">{formatExact(start)}</Fact>}
    </>
  );
}

function modelName(detail: SpanDetail): string {
  const { requestModel, responseModel } = detail;
  if (requestModel === "" || responseModel === "" || requestModel === responseModel)
    return requestModel || responseModel;
  return `${requestModel} (answered by ${responseModel})`;
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }): ReactElement {
  return (
    <div className={styles.fact}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
