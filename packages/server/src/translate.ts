import type { Attributes, AttributeValue, Content, Span, SpanStatus } from "@telltale/model";
import type { Dialect, SpanFields } from "./dialect.ts";
import { scalarText, textAt } from "./dialect/attribute-readers.ts";
import { contentText } from "./dialect/content-text.ts";
import { timeToFirstToken } from "./dialect/first-token.ts";
import { lookUp } from "./dialect/look-ups.ts";
import { spanKind } from "./dialect/span-kind.ts";
import { vectorsIn } from "./dialect/vectors.ts";
import { dialects } from "./dialects/index.ts";
import { type ExportedSpan, exportedSpan } from "./forward/span-of-record.ts";
import type { EventRecord, LogRecord, ResourceRecord, SpanRecord } from "./otlp/record.ts";

export { previewOf } from "./dialect/preview.ts";

/** What the request said of its spans. */
export interface TranslationContext {
  /** The project the request was sent to; "" leaves it to the resource. */
  readonly project: string;
  readonly receivedAt: bigint;
}

/** A dialect that claims a span and what it read. */
interface Reading {
  readonly dialect: Dialect;
  readonly sureness: number;
  readonly fields: SpanFields;
}

const PROJECT_KEYS = [
  "telltale.project",
  "openinference.project.name",
  "langfuse.project",
  "langsmith.trace.session_name",
];
const STATUSES: readonly SpanStatus[] = ["unset", "ok", "error"];
/** Log records that tell of a failed operation. */
const EXCEPTION_LOGS = new Set(["exception", "gen_ai.client.operation.exception"]);
/** Our own SDK, which sends the spans of other tracers too where it is told to. */
const JOINING_SCOPE = "@telltale/sdk";
/** Attribute with the number of embedding vectors that were left out. */
const DROPPED_VECTORS = "telltale.dropped.vectors";
/** Attribute with the number of attributes that the sender's limits dropped. */
const SENDER_DROPPED = "telltale.sender.dropped_attributes";
/** Attribute that says in words what the sender's limits cost. */
const SENDER_LOSS = "telltale.sender.loss";

/**
 * Gives a record its meaning. The surest dialect speaks first and the others fill what it leaves
 * open; session, user, tags, prompt, models and reported cost come from the common tables below
 * them. `logs` are the span's own log records as far as they are known: when more arrive, the
 * record is translated again with all of them. Never throws.
 */
export function translate(told: SpanRecord, logs: readonly LogRecord[], context: TranslationContext): Span {
  const exported = exportedSpan(told);
  return exported ? translatedBefore(exported, logs, context) : translateRecord(withToldScope(told), logs, context);
}

function translateRecord(record: SpanRecord, logs: readonly LogRecord[], context: TranslationContext): Span {
  const readings = readAll(record, logs);
  const fields = merged(readings);
  const found = lookUp(record.attributes);
  const resource = record.resource.attributes;
  const error = errorOf(record, fields, logs);
  const { events, vectors } = eventsOf(record);
  return {
    traceId: record.traceId,
    spanId: record.spanId,
    parentSpanId: record.parentSpanId,
    project: context.project || projectOf(record.resource),
    serviceName: textAt(resource, "service.name") ?? textAt(record.attributes, "service.name") ?? "",
    name: record.name,
    kind: fields.kind ?? spanKind(record.attributes) ?? "span",
    operation: fields.operation ?? textAt(record.attributes, "gen_ai.operation.name"),
    startTime: record.startTime,
    endTime: record.endTime === 0n ? undefined : record.endTime,
    status: error.status,
    errorType: error.type,
    errorMessage: error.message,
    provider: fields.provider,
    requestModel: fields.requestModel ?? found.requestModel,
    responseModel: fields.responseModel ?? found.responseModel,
    responseId: fields.responseId,
    serviceTier: fields.serviceTier,
    usage: fields.usage ?? [],
    cost: found.reported && { currency: "USD", lines: [], reported: found.reported },
    input: fields.input,
    output: fields.output,
    finishReason: fields.finishReason,
    timeToFirstToken: timeToFirstToken(record),
    sessionId: fields.sessionId ?? found.sessionId,
    userId: fields.userId ?? found.userId,
    tags: fields.tags ?? found.tags ?? [],
    agentName: fields.agentName,
    toolName: fields.toolName,
    toolCallId: fields.toolCallId,
    promptName: fields.promptName ?? found.promptName,
    promptVersion: fields.promptVersion ?? found.promptVersion,
    attributes: attributesOf(record, fields.consumed ?? [], vectors),
    resource,
    scopeName: record.scope.name,
    scopeVersion: record.scope.version,
    events,
    links: record.links,
    dialect: readings[0] ? `${readings[0].dialect.name}/${readings[0].dialect.version}` : "",
  };
}

/** A span that a Telltale translated and sent on. Log records that came after it may still tell what it lacks. */
function translatedBefore(
  { fields, sent }: ExportedSpan,
  logs: readonly LogRecord[],
  context: TranslationContext,
): Span {
  const late = logs.length > 0 && !fields.input && !fields.output ? merged(readAll(sent, logs)) : undefined;
  const { events, vectors } = eventsOf(sent);
  return {
    ...fields,
    ...(late && { input: late.input, output: late.output, finishReason: fields.finishReason ?? late.finishReason }),
    project: context.project || (fields.project ?? projectOf(sent.resource)),
    serviceName: fields.serviceName ?? textAt(sent.resource.attributes, "service.name") ?? "",
    attributes: attributesOf(sent, [], vectors),
    resource: sent.resource.attributes,
    events,
    links: sent.links,
  };
}

/** A span that reached us through another SDK says in an attribute which library told it, as the specification has it. */
function withToldScope(record: SpanRecord): SpanRecord {
  if (record.scope.name !== JOINING_SCOPE) return record;
  const name = textAt(record.attributes, "otel.scope.name");
  if (name === undefined) return record;
  return {
    ...record,
    scope: { ...record.scope, name, version: textAt(record.attributes, "otel.scope.version") ?? "" },
  };
}

/** What every claiming dialect reads, the surest first. A dialect that throws has read nothing. */
function readAll(record: SpanRecord, logs: readonly LogRecord[]): readonly Reading[] {
  const readings: Reading[] = [];
  for (const dialect of dialects) {
    const sureness = dialect.claims(record);
    if (sureness === 0) continue;
    try {
      readings.push({ dialect, sureness, fields: dialect.read(record, logs) });
    } catch {
      // The contract says that it cannot happen; one span is worth more than the contract.
    }
  }
  return readings.length < 2 ? readings : readings.sort((a, b) => b.sureness - a.sureness);
}

/** The fields of all readings; of each field the surest told one. */
function merged(readings: readonly Reading[]): SpanFields {
  const [first, ...others] = readings;
  if (!first) return {};
  if (others.length === 0) return first.fields;
  const fields: Record<string, unknown> = { ...first.fields };
  const consumed = new Set(first.fields.consumed);
  for (const { fields: other } of others) {
    const isSame = sameContent(fields["input"], other.input) && sameContent(fields["output"], other.output);
    for (const [key, value] of Object.entries(other)) if (fields[key] === undefined) fields[key] = value;
    if (isSame) for (const key of other.consumed ?? []) consumed.add(key);
  }
  return { ...(fields as SpanFields), consumed: [...consumed] };
}

/** Whether a less sure reading told nothing else: then its attributes are repetitions. */
function sameContent(chosen: unknown, other: Content | undefined): boolean {
  if (other === undefined || chosen === undefined) return true;
  const content = chosen as Content;
  return content === other || (content.type === other.type && contentText(content) === contentText(other));
}

/** The project that a resource names, of a span, a log record or a metric alike; else "default". */
export function projectOf(resource: ResourceRecord): string {
  for (const key of PROJECT_KEYS) {
    const project = textAt(resource.attributes, key);
    if (project !== undefined) return project;
  }
  return "default";
}

/**
 * Status and error: what a dialect knows, the OTLP status, `error.type`, the last exception, which alone makes
 * an error where nobody told a status.
 */
function errorOf(
  record: SpanRecord,
  fields: SpanFields,
  logs: readonly LogRecord[],
): { status: SpanStatus; type?: string | undefined; message?: string | undefined } {
  const errorType = textAt(record.attributes, "error.type");
  const told = STATUSES[record.statusCode] ?? "unset";
  const exception = told === "ok" && fields.status !== "error" ? undefined : lastException(record.events, logs);
  const failed = errorType !== undefined || (exception !== undefined && exception.get("exception.escaped") !== false);
  const status = fields.status ?? (told === "unset" && failed ? "error" : told);
  if (status !== "error") return { status };
  return {
    status,
    type: fields.errorType ?? errorType ?? scalarText(exception?.get("exception.type")),
    message: fields.errorMessage ?? (record.statusMessage || scalarText(exception?.get("exception.message"))),
  };
}

/** The exception of a span's events, else of the log record by which the newer conventions tell it. */
function lastException(events: readonly EventRecord[], logs: readonly LogRecord[]): Attributes | undefined {
  for (let index = events.length - 1; index >= 0; index--) {
    const event = events[index];
    if (event && (event.name === "exception" || event.attributes.has("exception.message"))) return event.attributes;
  }
  return logs.findLast(({ eventName }) => EXCEPTION_LOGS.has(eventName))?.attributes;
}

/** All attributes but those whose content moved into fields, without embedding vectors and with our notes. */
function attributesOf(record: SpanRecord, consumed: readonly string[], eventVectors: number): Attributes {
  const gone = consumed.length > 8 ? new Set(consumed) : consumed;
  const isGone = gone instanceof Set ? (key: string) => gone.has(key) : (key: string) => gone.includes(key);
  const kept = new Map<string, AttributeValue>();
  let vectors = eventVectors;
  for (const [key, value] of record.attributes) {
    if (isGone(key)) continue;
    const found = vectorsIn(value);
    if (found === 0) kept.set(key, value);
    vectors += found;
  }
  if (vectors > 0) kept.set(DROPPED_VECTORS, vectors);
  if (record.droppedAttributes > 0) {
    kept.set(SENDER_DROPPED, record.droppedAttributes);
    kept.set(SENDER_LOSS, `cut by the sender's ${record.attributes.size}-attribute limit`);
  }
  return kept;
}

/** Events without embedding vectors, which vector stores put there, and how many those were. */
function eventsOf(record: SpanRecord): { events: readonly EventRecord[]; vectors: number } {
  let vectors = 0;
  const events = record.events.map((event) => {
    const before = vectors;
    for (const value of event.attributes.values()) vectors += vectorsIn(value);
    if (vectors === before) return event;
    return { ...event, attributes: new Map([...event.attributes].filter(([, value]) => vectorsIn(value) === 0)) };
  });
  return vectors === 0 ? { events: record.events, vectors } : { events, vectors };
}
