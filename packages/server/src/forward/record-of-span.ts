import { isDeepStrictEqual } from "node:util";
import type { AttributeValue, Span, SpanKind } from "@telltale/model";
import type { ResourceRecord, ScopeRecord, SpanRecord } from "../otlp/record.ts";
import { projectOf } from "../translate.ts";
import { contentAttributes } from "./exported-content.ts";
import * as keys from "./exported-keys.ts";
import { usageAttributes } from "./exported-usage.ts";

const STATUS_CODES = { unset: 0, ok: 1, error: 2 } as const;
/** OTLP's `SPAN_KIND_CLIENT` for what asks another process, else `SPAN_KIND_INTERNAL`. */
const CLIENT = 3;
const INTERNAL = 1;
const ASKING: ReadonlySet<SpanKind> = new Set(["llm", "embedding", "rerank", "retrieval", "mcp"]);
/** The conventions' operation of a kind, for readers who need one; rerank is met in the wild only. */
const OPERATIONS: { readonly [kind in SpanKind]?: string } = {
  llm: "chat",
  embedding: "embeddings",
  rerank: "rerank",
  retrieval: "retrieval",
  agent: "invoke_agent",
  workflow: "invoke_workflow",
  tool: "execute_tool",
};

/** Shares the records of resources and scopes, so that the writer groups by them. */
export class Origins {
  readonly #resources = new WeakMap<object, ResourceRecord>();
  readonly #scopes = new Map<string, ScopeRecord>();

  resource(span: Span): ResourceRecord {
    const known = this.#resources.get(span.resource);
    if (known) return known;
    const record = { attributes: span.resource };
    this.#resources.set(span.resource, record);
    return record;
  }

  scope({ scopeName: name, scopeVersion: version }: Span): ScopeRecord {
    const key = JSON.stringify([name, version]);
    const known = this.#scopes.get(key);
    if (known) return known;
    const record = { name, version, attributes: new Map() };
    this.#scopes.set(key, record);
    return record;
  }
}

/**
 * A canonical span as an OTLP record: the GenAI conventions for what they have a name for, `telltale.*` for the
 * rest, and the sender's own attributes beside them. `spanOfRecord` gives the same canonical span back; other
 * readers understand it as a span of the conventions. What OTLP has and a canonical span has not (trace state,
 * flags, attributes of the scope, the sender's own span kind) is not told.
 */
export function recordOfSpan(span: Span, origins: Origins = new Origins()): SpanRecord {
  const resource = origins.resource(span);
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
    name: span.name,
    spanKind: ASKING.has(span.kind) ? CLIENT : INTERNAL,
    startTime: span.startTime,
    endTime: span.endTime ?? 0n,
    statusCode: STATUS_CODES[span.status],
    statusMessage: span.errorMessage ?? "",
    attributes: attributesOf(span, resource),
    droppedAttributes: 0,
    events: span.events,
    links: span.links,
    resource,
    scope: origins.scope(span),
  };
}

function attributesOf(span: Span, resource: ResourceRecord): Map<string, AttributeValue> {
  const told = fieldsOf(span, resource);
  const attributes = new Map<string, AttributeValue>();
  for (const [key, value] of span.attributes) {
    const isTaken = (keys.FIELD_KEYS.has(key) && !isDeepStrictEqual(told.get(key), value)) || key.startsWith(keys.RAW);
    attributes.set(isTaken ? keys.RAW + key : key, value);
  }
  const added: string[] = [];
  for (const [key, value] of told) {
    if (!attributes.has(key)) added.push(key);
    attributes.set(key, value);
  }
  if (added.length > 0) attributes.set(keys.ADDED, added);
  return attributes;
}

/** The canonical fields by their keys. */
function fieldsOf(span: Span, resource: ResourceRecord): Map<string, AttributeValue> {
  const told = new Map<string, AttributeValue>([
    [keys.VERSION, keys.EXPORT_VERSION],
    [keys.DIALECT, span.dialect],
    [keys.KIND, span.kind],
  ]);
  if (span.project !== projectOf(resource)) told.set(keys.PROJECT, span.project);
  if (span.serviceName !== (resource.attributes.get("service.name") ?? "")) told.set(keys.SERVICE, span.serviceName);
  for (const [field, key] of keys.TEXT_KEYS) {
    const text = span[field];
    if (text !== undefined) told.set(key, text);
  }
  if (span.tags.length > 0) told.set(keys.TAGS, span.tags);
  if (span.finishReason !== undefined) told.set(keys.FINISH_REASONS, [span.finishReason]);
  if (span.timeToFirstToken !== undefined) tellFirstToken(told, span.timeToFirstToken);
  for (const [key, value] of usageAttributes(span.usage)) told.set(key, value);
  for (const side of keys.SIDES) for (const [key, value] of contentAttributes(span, side)) told.set(key, value);
  tellCost(told, span);
  tellDerived(told, span);
  return told;
}

function tellFirstToken(told: Map<string, AttributeValue>, nanos: bigint): void {
  const seconds = Number(nanos) / 1e9;
  told.set(keys.FIRST_CHUNK, seconds);
  if (BigInt(Math.round(seconds * 1e9)) !== nanos) told.set(keys.FIRST_TOKEN_NANOS, nanos);
}

function tellCost(told: Map<string, AttributeValue>, { cost }: Span): void {
  if (cost?.reported) {
    told.set(keys.REPORTED, wireNumber(cost.reported.nanos));
    told.set(keys.REPORTED_BY, cost.reported.source);
  }
  if (cost?.nanos === undefined) return;
  told.set(keys.COST, wireNumber(cost.nanos));
  told.set(keys.CURRENCY, cost.currency);
  if (cost.reason !== undefined) told.set(keys.REASON, cost.reason);
}

function tellDerived(told: Map<string, AttributeValue>, span: Span): void {
  const operation = OPERATIONS[span.kind];
  if (span.operation !== undefined || operation === undefined) return;
  told.set("gen_ai.operation.name", operation);
  told.set(keys.DERIVED, ["gen_ai.operation.name"]);
}

/** A whole number as an attribute has it: bigint only outside ±2⁵³. */
function wireNumber(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
