import type { Attributes, AttributeValue, Span, SpanKind, SpanStatus } from "@telltale/model";
import { SPAN_KINDS } from "@telltale/model";
import { numberOf, textsOf } from "../dialect/attribute-readers.ts";
import type { SpanRecord } from "../otlp/record.ts";
import { contentTold } from "./exported-content.ts";
import * as keys from "./exported-keys.ts";
import { usageTold } from "./exported-usage.ts";

const STATUSES: readonly SpanStatus[] = ["unset", "ok", "error"];

/** An exported span: what it says of itself, and the record as its sender had sent it. */
export interface ExportedSpan {
  readonly fields: Omit<Span, "attributes" | "events" | "links" | "resource" | "project" | "serviceName"> & {
    readonly project?: string;
    readonly serviceName?: string;
  };
  readonly sent: SpanRecord;
}

/** What `recordOfSpan` wrote, or `undefined` for a record of anybody else. Never throws. */
export function exportedSpan(record: SpanRecord): ExportedSpan | undefined {
  if (record.attributes.get(keys.VERSION) !== keys.EXPORT_VERSION) return undefined;
  const { told, sent } = takeApart(record.attributes);
  const kind = textOf(told.get(keys.KIND)) as SpanKind | undefined;
  if (kind === undefined || !SPAN_KINDS.includes(kind)) return undefined;
  return { fields: fieldsOf(record, told, kind), sent: { ...record, attributes: sent } };
}

/** The exporter's attributes, without those for other readers, and the sender's under their own names. */
function takeApart(attributes: Attributes): { told: Attributes; sent: Attributes } {
  const added = new Set(textsOf(attributes.get(keys.ADDED)));
  const derived = new Set(textsOf(attributes.get(keys.DERIVED)));
  const told = new Map<string, AttributeValue>();
  const sent = new Map<string, AttributeValue>();
  for (const [key, value] of attributes) {
    if (keys.FIELD_KEYS.has(key) && !derived.has(key)) told.set(key, value);
    if (key.startsWith(keys.RAW)) sent.set(key.slice(keys.RAW.length), value);
    else if (key !== keys.ADDED && !added.has(key) && !attributes.has(keys.RAW + key)) sent.set(key, value);
  }
  return { told, sent };
}

function fieldsOf(record: SpanRecord, told: Attributes, kind: SpanKind): ExportedSpan["fields"] {
  const texts: { [field: string]: string } = {};
  for (const [field, key] of keys.TEXT_KEYS) {
    const text = textOf(told.get(key));
    if (text !== undefined) texts[field] = text;
  }
  const project = textOf(told.get(keys.PROJECT));
  const serviceName = textOf(told.get(keys.SERVICE));
  const input = contentTold(told, "input", kind);
  const output = contentTold(told, "output", kind);
  const finishReason = told.get(keys.FINISH_REASONS);
  const firstToken = firstTokenOf(told);
  const reported = reportedOf(told);
  return {
    traceId: record.traceId,
    spanId: record.spanId,
    ...(record.parentSpanId === undefined ? {} : { parentSpanId: record.parentSpanId }),
    ...(project ? { project } : {}),
    ...(serviceName === undefined ? {} : { serviceName }),
    name: record.name,
    kind,
    ...texts,
    startTime: record.startTime,
    ...(record.endTime === 0n ? {} : { endTime: record.endTime }),
    status: STATUSES[record.statusCode] ?? "unset",
    ...(record.statusMessage === "" ? {} : { errorMessage: record.statusMessage }),
    usage: usageTold(told),
    ...(reported === undefined ? {} : { cost: { currency: "USD", lines: [], reported } }),
    ...(input === undefined ? {} : { input }),
    ...(output === undefined ? {} : { output }),
    ...(Array.isArray(finishReason) && typeof finishReason[0] === "string" ? { finishReason: finishReason[0] } : {}),
    ...(firstToken === undefined ? {} : { timeToFirstToken: firstToken }),
    tags: listOf(told.get(keys.TAGS)),
    scopeName: record.scope.name,
    scopeVersion: record.scope.version,
    dialect: textOf(told.get(keys.DIALECT)) ?? "",
  };
}

function textOf(value: AttributeValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function listOf(value: AttributeValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function firstTokenOf(told: Attributes): bigint | undefined {
  const exact = whole(told.get(keys.FIRST_TOKEN_NANOS));
  const nanos = (numberOf(told.get(keys.FIRST_CHUNK)) ?? Number.NaN) * 1e9;
  const duration = exact ?? (Number.isFinite(nanos) ? BigInt(Math.round(nanos)) : undefined);
  return duration !== undefined && duration >= 0n ? duration : undefined;
}

function reportedOf(told: Attributes): { nanos: bigint; source: string } | undefined {
  const nanos = whole(told.get(keys.REPORTED));
  return nanos === undefined ? undefined : { nanos, source: textOf(told.get(keys.REPORTED_BY)) ?? "" };
}

function whole(value: AttributeValue | undefined): bigint | undefined {
  if (typeof value === "bigint") return value;
  return typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : undefined;
}
