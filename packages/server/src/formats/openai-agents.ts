import type { Json } from "@telltale/model";
import { isArray, isObject, type JsonObject, memberOf, objectIn, textIn } from "../dialect/json-of.ts";
import { spanIdOf, traceIdOf } from "../format/foreign-id.ts";
import { instantOf } from "../format/foreign-time.ts";
import { ToldAttributes } from "../format/told-attributes.ts";
import { toldSpan } from "../format/told-span.ts";
import type { Format, FormatRecord } from "../format.ts";
import type { ScopeRecord } from "../otlp/record.ts";

/**
 * What the OpenAI Agents SDK exports: `{data: [trace | trace.span]}`. A trace tells no times and may come alone, so it
 * becomes a span, the root of the others, that reaches as far as they do.
 */
export const openaiAgents: Format = { name: "openai-agents", read };

const PREFIX = "openai.agents.";
const SCOPE: ScopeRecord = { name: "@openai/agents", version: "", attributes: new Map() };

/** When the spans of a trace began and ended, as far as this request knows. */
interface Extent {
  start: bigint;
  end: bigint;
  /** Of a span right below the trace: a trace has no error of its own. */
  error?: string | undefined;
}

function* read(body: JsonObject, receivedAt: bigint): Generator<FormatRecord, void, void> {
  const data = memberOf(body, "data");
  const items = (isArray(data) ? data : []).filter(isObject);
  const turns = usageOfTurns(items);
  const traces = new Map<string, JsonObject>();
  const extents = new Map<string, Extent>();
  for (const item of items) {
    const id = textIn(item, "id");
    if (id === undefined) continue;
    if (memberOf(item, "object") === "trace") {
      traces.set(id, item);
      continue;
    }
    const traceId = textIn(item, "trace_id") ?? id;
    const span = spanOf(item, { id, traceId, turn: turns.get(id), receivedAt });
    extend(extents, traceId, span.startTime, span.endTime);
    const isTop = textIn(item, "parent_id") === undefined;
    if (isTop) extents.get(traceId)!.error ??= errorOf(memberOf(item, "error"));
    yield { span };
  }
  for (const traceId of new Set([...traces.keys(), ...extents.keys()]))
    yield { span: traceSpan(traceId, traces.get(traceId), extents.get(traceId), receivedAt) };
}

function extend(extents: Map<string, Extent>, traceId: string, start: bigint, end: bigint): void {
  const extent = extents.get(traceId);
  if (extent === undefined) extents.set(traceId, { start, end });
  else {
    if (start < extent.start) extent.start = start;
    if (end > extent.end) extent.end = end;
  }
}

/**
 * A call of the Responses API tells only its answer's id; its tokens are told of the turn around it. Where a turn has one
 * such call, they are its own: by the id of the call's span.
 */
function usageOfTurns(items: readonly JsonObject[]): ReadonlyMap<string, Json> {
  const calls = new Map<string, string[]>();
  for (const item of items) {
    const parent = textIn(item, "parent_id");
    const id = textIn(item, "id");
    if (parent === undefined || id === undefined || textIn(objectIn(item, "span_data"), "type") !== "response")
      continue;
    calls.set(parent, [...(calls.get(parent) ?? []), id]);
  }
  const told = new Map<string, Json>();
  for (const item of items) {
    const data = objectIn(objectIn(item, "span_data"), "data");
    const usage = memberOf(data, "usage");
    const [call, ...others] = calls.get(textIn(item, "id") ?? "") ?? [];
    if (call === undefined || others.length > 0 || textIn(data, "sdk_span_type") !== "turn") continue;
    if (isObject(usage)) told.set(call, usage);
  }
  return told;
}

interface Place {
  readonly id: string;
  readonly traceId: string;
  readonly turn: Json | undefined;
  readonly receivedAt: bigint;
}

function spanOf(item: JsonObject, { id, traceId, turn, receivedAt }: Place): ReturnType<typeof toldSpan> {
  const data = objectIn(item, "span_data");
  const endTime = instantOf(memberOf(item, "ended_at"));
  const startTime = instantOf(memberOf(item, "started_at")) ?? endTime ?? receivedAt;
  const attributes = new ToldAttributes()
    .text(`${PREFIX}span.id`, id)
    .text(`${PREFIX}type`, memberOf(data, "type"))
    .each(PREFIX, data, new Set(["type"]))
    .filled(`${PREFIX}error`, memberOf(item, "error"))
    .filled(`${PREFIX}metadata`, memberOf(item, "metadata"));
  if (!attributes.has(`${PREFIX}usage`)) attributes.filled(`${PREFIX}turn.usage`, turn);
  return toldSpan({
    traceId: traceIdOf(traceId),
    spanId: spanIdOf(shortOf(id)),
    parentSpanId: spanIdOf(shortOf(textIn(item, "parent_id") ?? traceId)),
    name: nameOf(data),
    startTime,
    endTime: endTime !== undefined && endTime < startTime ? startTime : endTime,
    error: errorOf(memberOf(item, "error")),
    attributes,
    scope: SCOPE,
  });
}

/** The SDK's ids are `span_` and 24 digits, of which the last 16 are as random as the others. */
function shortOf(id: string): string {
  const digits = /^span_[0-9a-f]{8}([0-9a-f]{16})$/.exec(id)?.[1];
  return digits ?? id;
}

/** What the span is called in the SDK, else what it does. */
function nameOf(data: JsonObject | undefined): string | undefined {
  const name = textIn(data, "name");
  const type = textIn(data, "type");
  if (type !== "handoff") return name ?? type;
  const target = textIn(data, "to_agent");
  return target === undefined ? type : `handoff to ${target}`;
}

function errorOf(error: Json | undefined): string | undefined {
  if (error === undefined || error === null) return undefined;
  const cause = textIn(objectIn(error, "data"), "error");
  const message = textIn(error, "message") ?? (typeof error === "string" ? error : "");
  return cause === undefined ? message : `${message}: ${cause}`;
}

function traceSpan(
  traceId: string,
  trace: JsonObject | undefined,
  extent: Extent | undefined,
  receivedAt: bigint,
): ReturnType<typeof toldSpan> {
  const startTime = extent?.start ?? receivedAt;
  const attributes = new ToldAttributes()
    .text(`${PREFIX}type`, "trace")
    .text(`${PREFIX}trace.id`, traceId)
    .text(`${PREFIX}group_id`, memberOf(trace, "group_id"));
  const metadata = memberOf(trace, "metadata");
  if (isObject(metadata)) attributes.each(`${PREFIX}metadata.`, metadata);
  return toldSpan({
    traceId: traceIdOf(traceId),
    spanId: spanIdOf(traceId),
    name: textIn(trace, "workflow_name"),
    startTime,
    error: extent?.error,
    endTime: extent && extent.end >= startTime ? extent.end : undefined,
    attributes,
    scope: SCOPE,
  });
}
