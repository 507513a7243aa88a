import type { Attributes } from "@telltale/model";
import type { EventRecord, LogRecord, ScopeRecord, SpanRecord } from "../otlp/record.ts";

const NOTHING: Attributes = new Map();

/** What must be known of a span to keep it, and what may be. */
export type ToldSpan = Pick<SpanRecord, "traceId" | "spanId" | "startTime" | "attributes"> & {
  readonly parentSpanId?: SpanRecord["spanId"] | undefined;
  readonly name?: string | undefined;
  readonly endTime?: bigint | undefined;
  /** What went wrong; an empty text says that something did. */
  readonly error?: string | undefined;
  readonly events?: readonly EventRecord[];
  readonly resource?: Attributes | undefined;
  readonly scope: ScopeRecord;
};

/** A record of what was told; absent fields are as OTLP has them when they are not sent. */
export function toldSpan(told: ToldSpan): SpanRecord {
  const { error, endTime = 0n } = told;
  const failure = error ? [exceptionOf(error, endTime || told.startTime)] : [];
  return {
    traceId: told.traceId,
    spanId: told.spanId,
    ...(told.parentSpanId === undefined ? {} : { parentSpanId: told.parentSpanId }),
    name: (told.name ?? "").toWellFormed(),
    spanKind: 0,
    startTime: told.startTime,
    endTime,
    statusCode: error === undefined ? 0 : 2,
    statusMessage: error === undefined ? "" : messageOf(error),
    attributes: told.attributes,
    droppedAttributes: 0,
    events: [...(told.events ?? []), ...failure],
    links: [],
    resource: { attributes: told.resource ?? NOTHING },
    scope: told.scope,
  };
}

/** The first line of an error, which a stack may follow; Python's begins in the same line. */
function messageOf(error: string): string {
  const line = error.trimStart().split("\n", 1)[0] ?? "";
  return line.split("Traceback (most recent call last)", 1)[0]!.trimEnd().toWellFormed();
}

/** An error that was told as text, as OpenTelemetry's exception event. */
function exceptionOf(error: string, time: bigint): EventRecord {
  const attributes = new Map([["exception.message", messageOf(error)]]);
  const type = /^\s*([A-Z]\w*(?:Error|Exception|Exit|Interrupt|Timeout))\b/.exec(error)?.[1];
  if (type !== undefined) attributes.set("exception.type", type);
  if (error.trimEnd().includes("\n")) attributes.set("exception.stacktrace", error.toWellFormed());
  return { name: "exception", time, attributes };
}

/** A judgement of a span, as OpenTelemetry's event of an evaluation's result (conventions §1.4). */
export interface ToldScore {
  readonly traceId?: SpanRecord["traceId"] | undefined;
  readonly spanId?: SpanRecord["spanId"] | undefined;
  readonly time: bigint;
  readonly attributes: Attributes;
  readonly scope: ScopeRecord;
  readonly resource?: Attributes | undefined;
}

/** A record of a judgement. */
export function toldScore(told: ToldScore): LogRecord {
  return {
    ...(told.traceId === undefined ? {} : { traceId: told.traceId }),
    ...(told.spanId === undefined ? {} : { spanId: told.spanId }),
    time: told.time,
    eventName: "gen_ai.evaluation.result",
    severity: "",
    body: null,
    attributes: told.attributes,
    resource: { attributes: told.resource ?? NOTHING },
    scope: told.scope,
  };
}
