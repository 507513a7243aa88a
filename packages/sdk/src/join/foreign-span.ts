import type { AttributeMap, AttributeValue } from "../attribute-value.ts";
import { inherit } from "../span/association.ts";
import type { SpanEvent, SpanRecord } from "../span/span-record.ts";

/** Seconds and nanoseconds. */
type HighResolutionTime = readonly [seconds: number, nanoseconds: number];

/** What is read of a finished span of any version of OpenTelemetry's SDK (1.x to 3.x). */
export interface ForeignSpan {
  readonly name: string;
  /** OpenTelemetry's API counts from 0, OTLP from 1. */
  readonly kind: number;
  spanContext(): { readonly traceId: string; readonly spanId: string; readonly traceFlags: number };
  /** SDK 1.x. */
  readonly parentSpanId?: string;
  /** SDK 2.x and later. */
  readonly parentSpanContext?: { readonly spanId: string; readonly isRemote?: boolean };
  readonly startTime: HighResolutionTime;
  readonly endTime: HighResolutionTime;
  readonly status: { readonly code: number; readonly message?: string };
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly {
    readonly name: string;
    readonly time: HighResolutionTime;
    readonly attributes?: Readonly<Record<string, unknown>>;
  }[];
  readonly instrumentationScope?: { readonly name: string; readonly version?: string };
  readonly instrumentationLibrary?: { readonly name: string; readonly version?: string };
}

const STATUS_ERROR = 2;
/** A record without content. */
const BASE_BYTES = 512;
/** Longer lists of numbers are vectors. */
const LONGEST_NUMBER_LIST = 64;

/** The id of the parent, in whichever way the SDK's version tells it. */
export function parentIdOf(span: Pick<ForeignSpan, "parentSpanId" | "parentSpanContext">): string | undefined {
  return span.parentSpanContext?.spanId ?? span.parentSpanId;
}

/** A finished span of another tracer as one of ours, in the place of the tree that is given. */
export function recordOf(span: ForeignSpan, place: { traceId: string; parentSpanId: string | undefined }): SpanRecord {
  const attributes = attributesOf(span.attributes);
  const scope = span.instrumentationScope ?? span.instrumentationLibrary;
  // As the specification has it for formats without scopes; the server reads its dialect from it.
  if (scope !== undefined) attributes.set("otel.scope.name", scope.name);
  if (scope?.version !== undefined) attributes.set("otel.scope.version", scope.version);
  const events: SpanEvent[] = span.events.map((event) => {
    return { name: event.name, time: milliseconds(event.time), attributes: attributesOf(event.attributes ?? {}) };
  });
  return {
    traceId: place.traceId,
    spanId: span.spanContext().spanId,
    parentSpanId: place.parentSpanId,
    remoteParent: span.parentSpanContext?.isRemote === true,
    name: span.name,
    kind: kindOf(span.kind),
    startTime: milliseconds(span.startTime),
    endTime: milliseconds(span.endTime),
    attributes,
    events: events.length === 0 ? undefined : events,
    failed: span.status.code === STATUS_ERROR,
    statusMessage: span.status.message ?? "",
    heldBytes: BASE_BYTES + bytesOf(attributes) + events.reduce((sum, event) => sum + bytesOf(event.attributes), 0),
    silent: false,
    unread: undefined,
    ...inherit(undefined),
  };
}

function kindOf(kind: number): SpanRecord["kind"] {
  const kinds = [1, 2, 3, 4, 5] as const;
  return kinds[kind] ?? 1;
}

function milliseconds([seconds, nanoseconds]: HighResolutionTime): number {
  return seconds * 1000 + nanoseconds / 1e6;
}

function attributesOf(told: Readonly<Record<string, unknown>>): AttributeMap {
  const attributes: AttributeMap = new Map();
  for (const [name, value] of Object.entries(told)) {
    const read = valueOf(value);
    if (read !== undefined) attributes.set(name, read);
  }
  return attributes;
}

function valueOf(value: unknown): AttributeValue | undefined {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (!Array.isArray(value)) return value === undefined || value === null ? undefined : JSON.stringify(value);
  if (value.length > LONGEST_NUMBER_LIST && value.every((item) => typeof item === "number")) {
    return `[${value.length} numbers]`;
  }
  return value.filter((item) => item !== undefined && item !== null).map(String);
}

function bytesOf(attributes: AttributeMap): number {
  let bytes = 0;
  for (const value of attributes.values()) {
    bytes += typeof value === "string" ? value.length : Array.isArray(value) ? value.join("").length : 16;
  }
  return bytes;
}
