import type { Json } from "@telltale/model";
import { isArray, isObject, type JsonObject, memberOf, textIn } from "../dialect/json-of.ts";
import { spanIdOf, traceIdOf } from "../format/foreign-id.ts";
import { instantOf } from "../format/foreign-time.ts";
import { ToldAttributes } from "../format/told-attributes.ts";
import { toldScore, toldSpan } from "../format/told-span.ts";
import type { Format, FormatRecord } from "../format.ts";
import type { ScopeRecord } from "../otlp/record.ts";

/**
 * Langfuse's events, as `POST /api/public/ingestion` takes them (conventions §6.2): `{batch: [{id, type, timestamp,
 * body}]}`. An observation becomes a span with the attributes that Langfuse's own OpenTelemetry SDK would have given it.
 * A trace becomes a span too, the root of its observations: Langfuse lets several stand side by side in it.
 */
export const langfuse: Format = { name: "langfuse", read };

const OBSERVATION = "langfuse.observation.";
/** Where a member of an observation goes, by the name that Langfuse's OpenTelemetry SDK gives it. */
const OBSERVATION_KEYS: ReadonlyMap<string, string> = new Map([
  ["input", `${OBSERVATION}input`],
  ["output", `${OBSERVATION}output`],
  ["level", `${OBSERVATION}level`],
  ["statusMessage", `${OBSERVATION}status_message`],
  ["model", `${OBSERVATION}model.name`],
  ["modelParameters", `${OBSERVATION}model.parameters`],
  ["usageDetails", `${OBSERVATION}usage_details`],
  ["costDetails", `${OBSERVATION}cost_details`],
  ["completionStartTime", `${OBSERVATION}completion_start_time`],
  ["promptName", `${OBSERVATION}prompt.name`],
  ["promptVersion", `${OBSERVATION}prompt.version`],
  ["environment", "langfuse.environment"],
  ["version", "langfuse.version"],
]);
const TRACE_KEYS: ReadonlyMap<string, string> = new Map([
  ["name", "langfuse.trace.name"],
  ["input", "langfuse.trace.input"],
  ["output", "langfuse.trace.output"],
  ["userId", "user.id"],
  ["sessionId", "session.id"],
  ["public", "langfuse.trace.public"],
  ["release", "langfuse.release"],
  ["environment", "langfuse.environment"],
  ["version", "langfuse.version"],
]);
/** Members with a place of their own beside the attributes, or that say nothing behind it. */
const PLACED = new Set([
  "id",
  "traceId",
  "parentObservationId",
  "type",
  "name",
  "startTime",
  "endTime",
  "timestamp",
  "metadata",
  "tags",
  "usage",
  "traceName",
  "generationName",
]);

/** An observation or a trace, with the events that tell of it. */
interface Told {
  readonly type: string | undefined;
  readonly body: JsonObject;
  /** Of the first event that told of it. */
  readonly timestamp: bigint;
}

/** When the observations of a trace began and ended, as far as this request knows. */
interface Extent {
  start: bigint;
  end: bigint;
}

function* read(body: JsonObject, receivedAt: bigint): Generator<FormatRecord, void, void> {
  const scope = scopeOf(body);
  const observations = new Map<string, Told>();
  const traces = new Map<string, Told>();
  for (const { type, told } of eventsIn(body, receivedAt)) {
    const id = textIn(told.body, "id");
    if (type === "score-create") yield scoreOf(told, scope);
    else if (id === undefined || type === "sdk-log") continue;
    else if (type === "trace-create") merge(traces, id, told);
    else merge(observations, id, { ...told, type: observationType(type, told.body) });
  }
  const extents = new Map<string, Extent>();
  for (const [id, told] of observations) {
    const traceId = textIn(told.body, "traceId") ?? id;
    const span = observationSpan(id, traceId, told, scope);
    if (id !== traceId) extend(extents, traceId, span.startTime, span.endTime);
    yield { span };
  }
  for (const traceId of new Set([...traces.keys(), ...extents.keys()]))
    yield { span: traceSpan(traceId, traces.get(traceId), extents.get(traceId), scope) };
}

function* eventsIn(
  body: JsonObject,
  receivedAt: bigint,
): Generator<{ readonly type: string; readonly told: Told }, void, void> {
  const batch = memberOf(body, "batch");
  for (const event of isArray(batch) ? batch : []) {
    const type = textIn(event, "type");
    const told = memberOf(event, "body");
    if (type === undefined || !isObject(told)) continue;
    const timestamp = instantOf(memberOf(event, "timestamp")) ?? receivedAt;
    yield { type, told: { type: undefined, body: told, timestamp } };
  }
}

/** What an event's type says of its observation. Updates of every kind of observation come as `span-update`. */
function observationType(type: string, body: JsonObject): string | undefined {
  if (type === "span-update") return undefined;
  const [kind = ""] = type.split("-", 1);
  return kind === "observation" ? textIn(body, "type")?.toLowerCase() : kind;
}

/** Later events tell over earlier ones, member by member; what they leave open stays. */
function merge(into: Map<string, Told>, id: string, told: Told): void {
  const before = into.get(id);
  if (before === undefined) return void into.set(id, told);
  const body: Record<string, Json> = Object.create(null);
  for (const [key, value] of Object.entries(before.body)) body[key] = value;
  for (const [key, value] of Object.entries(told.body)) if (value !== null) body[key] = value;
  // A trace's first timestamp is its start; later events of it tell their own.
  const start = memberOf(before.body, "timestamp");
  if (start !== undefined) body["timestamp"] = start;
  into.set(id, { type: told.type ?? before.type, body, timestamp: before.timestamp });
}

function extend(extents: Map<string, Extent>, traceId: string, start: bigint, end: bigint): void {
  const extent = extents.get(traceId);
  if (extent === undefined) extents.set(traceId, { start, end });
  else {
    if (start < extent.start) extent.start = start;
    if (end > extent.end) extent.end = end;
  }
}

function observationSpan(id: string, traceId: string, told: Told, scope: ScopeRecord): ReturnType<typeof toldSpan> {
  const { body, timestamp } = told;
  const isEvent = told.type === "event";
  const endTime = instantOf(memberOf(body, "endTime"));
  const started = instantOf(memberOf(body, "startTime"));
  const startTime = started ?? (endTime !== undefined && endTime < timestamp ? endTime : timestamp);
  return toldSpan({
    traceId: traceIdOf(traceId),
    spanId: spanIdOf(id),
    parentSpanId: parentOf(id, traceId, body),
    name: textIn(body, "name"),
    startTime,
    endTime: isEvent ? startTime : endTime !== undefined && endTime < startTime ? startTime : endTime,
    attributes: observationAttributes(told),
    scope,
  });
}

/** An update need not repeat what its observation lies below; whoever creates one without a parent means the trace. */
function parentOf(id: string, traceId: string, body: JsonObject): ReturnType<typeof spanIdOf> | undefined {
  const parent = textIn(body, "parentObservationId");
  if (parent !== undefined) return parent === id ? undefined : spanIdOf(parent);
  const isCreated = memberOf(body, "startTime") !== undefined || memberOf(body, "parentObservationId") === null;
  return isCreated && id !== traceId ? spanIdOf(traceId) : undefined;
}

function observationAttributes({ type, body }: Told): ToldAttributes {
  const attributes = new ToldAttributes().text(`${OBSERVATION}type`, type);
  addMembers(attributes, body, OBSERVATION_KEYS, OBSERVATION);
  addMetadata(attributes, body, `${OBSERVATION}metadata`);
  if (!attributes.has(`${OBSERVATION}usage_details`))
    attributes.filled(`${OBSERVATION}usage_details`, memberOf(body, "usage"));
  return attributes;
}

function addMembers(
  attributes: ToldAttributes,
  body: JsonObject,
  keys: ReadonlyMap<string, string>,
  prefix: string,
): void {
  for (const [member, value] of Object.entries(body)) {
    const key = keys.get(member) ?? (PLACED.has(member) ? undefined : prefix + member);
    if (key !== undefined) attributes.filled(key, value);
  }
}

function addMetadata(attributes: ToldAttributes, body: JsonObject, key: string): void {
  const metadata = memberOf(body, "metadata");
  if (isObject(metadata)) attributes.each(`${key}.`, metadata);
  else attributes.filled(key, metadata);
}

function traceSpan(
  traceId: string,
  told: Told | undefined,
  extent: Extent | undefined,
  scope: ScopeRecord,
): ReturnType<typeof toldSpan> {
  const body = told?.body ?? {};
  const begun = told && (instantOf(memberOf(body, "timestamp")) ?? told.timestamp);
  const start = begun === undefined || (extent && extent.start < begun) ? extent?.start : begun;
  const startTime = start ?? told?.timestamp ?? 0n;
  const attributes = new ToldAttributes().text(`${OBSERVATION}type`, "chain");
  addMembers(attributes, body, TRACE_KEYS, "langfuse.trace.");
  addMetadata(attributes, body, "langfuse.trace.metadata");
  return toldSpan({
    traceId: traceIdOf(traceId),
    spanId: spanIdOf(traceId),
    name: textIn(body, "name"),
    startTime,
    endTime: extent && extent.end > startTime ? extent.end : undefined,
    attributes: attributes.texts("langfuse.trace.tags", memberOf(body, "tags")),
    scope,
  });
}

const SCORE_PLACED = new Set(["name", "value", "comment", "traceId", "observationId", "timestamp"]);

function scoreOf({ body, timestamp }: Told, scope: ScopeRecord): FormatRecord {
  const value = memberOf(body, "value");
  const traceId = textIn(body, "traceId");
  const spanId = textIn(body, "observationId") ?? traceId;
  const attributes = new ToldAttributes()
    .text("gen_ai.evaluation.name", memberOf(body, "name"))
    .value("gen_ai.evaluation.score.value", typeof value === "number" ? value : undefined)
    .value("gen_ai.evaluation.score.label", typeof value === "number" ? undefined : value)
    .text("gen_ai.evaluation.explanation", memberOf(body, "comment"))
    .each("langfuse.score.", body, SCORE_PLACED);
  return {
    log: toldScore({
      traceId: traceId === undefined ? undefined : traceIdOf(traceId),
      spanId: spanId === undefined ? undefined : spanIdOf(spanId),
      time: timestamp,
      attributes,
      scope,
    }),
  };
}

function scopeOf(body: JsonObject): ScopeRecord {
  const version = textIn(memberOf(body, "metadata"), "sdk_version") ?? "";
  return { name: "langfuse-sdk", version, attributes: new Map() };
}
