import type { Attributes, Content, Cost, Json, Span, SpanEvent, SpanLink, UsageLine } from "@telltale/model";
import type { SpanId, SpanKind, SpanStatus, TraceId } from "@telltale/model";
import { withText } from "../dialect/content-text.ts";
import { flatten } from "../engine/record-of-row.ts";
import type { SpanRow } from "../engine/span-row.ts";

/** Resources are few and long: one map for each text, so that the writer groups by it. Bounded, as every sender has its own. */
const RESOURCES_KEPT = 1000;

/** Fields of a row whose empty text means that nobody told. */
const TEXTS = [
  ["operation", "operation"],
  ["errorType", "error_type"],
  ["errorMessage", "error_message"],
  ["provider", "provider"],
  ["requestModel", "request_model"],
  ["responseModel", "response_model"],
  ["responseId", "response_id"],
  ["serviceTier", "service_tier"],
  ["finishReason", "finish_reason"],
  ["sessionId", "session_id"],
  ["userId", "user_id"],
  ["agentName", "agent_name"],
  ["toolName", "tool_name"],
  ["toolCallId", "tool_call_id"],
  ["promptName", "prompt_name"],
  ["promptVersion", "prompt_version"],
] as const satisfies readonly (readonly [keyof Span, keyof SpanRow])[];

/** Canonical spans from stored rows. */
export class RowReader {
  readonly #resources = new Map<string, Attributes>();

  /**
   * The canonical span that a row was made of. What the store does not keep is not there: attributes inside
   * attributes are attributes of their dotted path, bytes are base64, and not-a-number is text.
   */
  spanOf(row: SpanRow): Span {
    const texts: { [field: string]: string } = {};
    for (const [field, column] of TEXTS) if (row[column] !== "") texts[field] = row[column];
    const input = contentOf(row.input_type, row.input);
    const output = contentOf(row.output_type, row.output);
    return {
      traceId: row.trace_id as TraceId,
      spanId: row.span_id as SpanId,
      ...(row.parent_span_id === "" ? {} : { parentSpanId: row.parent_span_id as SpanId }),
      project: row.project,
      serviceName: row.service_name,
      name: row.name,
      kind: row.kind as SpanKind,
      ...texts,
      startTime: row.start_time,
      ...(row.end_time === null ? {} : { endTime: row.end_time }),
      status: row.status as SpanStatus,
      usage: row.usage === "" ? [] : (JSON.parse(row.usage) as UsageLine[]),
      ...(row.cost === "" ? {} : { cost: costOf(row.cost) }),
      ...(input === undefined ? {} : { input }),
      ...(output === undefined ? {} : { output }),
      ...(row.time_to_first_token_ns === null ? {} : { timeToFirstToken: row.time_to_first_token_ns }),
      tags: row.tags === "" ? [] : (JSON.parse(row.tags) as string[]),
      attributes: flatten(row.attributes),
      resource: this.#resourceOf(row.resource || "{}"),
      scopeName: row.scope_name,
      scopeVersion: row.scope_version,
      events: eventsOf(row.events),
      links: linksOf(row.links),
      dialect: row.dialect,
    };
  }

  #resourceOf(text: string): Attributes {
    const known = this.#resources.get(text);
    if (known) return known;
    const resource = flatten(text);
    if (this.#resources.size < RESOURCES_KEPT) this.#resources.set(text, resource);
    return resource;
  }
}

function contentOf(type: string, text: string): Content | undefined {
  if (type === "") return undefined;
  if (type === "masked") return { type };
  if (type === "text") return { type, text };
  const value = parsed(text);
  if (value === undefined) return { type: "text", text };
  if (type === "messages" || type === "documents") return withText({ type, [type]: value } as unknown as Content, text);
  return withText({ type: "json", value }, text);
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** What a stored cost says in JSON: amounts as decimal text. */
interface StoredCost extends Omit<Cost, "nanos" | "reported" | "lines"> {
  readonly nanos?: string;
  readonly lines: readonly (Omit<Cost["lines"][number], "nanosPerMillion"> & { readonly nanosPerMillion: string })[];
  readonly reported?: { readonly nanos: string; readonly source: string };
}

function costOf(text: string): Cost {
  const { nanos, reported, lines, ...told } = JSON.parse(text) as StoredCost;
  return {
    ...told,
    lines: lines.map((line) => ({ ...line, nanosPerMillion: BigInt(line.nanosPerMillion) })),
    ...(nanos === undefined ? {} : { nanos: BigInt(nanos) }),
    ...(reported === undefined ? {} : { reported: { ...reported, nanos: BigInt(reported.nanos) } }),
  };
}

function eventsOf(text: string): readonly SpanEvent[] {
  if (text === "") return [];
  const events = JSON.parse(text) as { name: string; time: string; attributes: unknown }[];
  return events.map(({ name, time, attributes }) => ({
    name,
    time: BigInt(time),
    attributes: flatten(JSON.stringify(attributes)),
  }));
}

function linksOf(text: string): readonly SpanLink[] {
  if (text === "") return [];
  const links = JSON.parse(text) as { traceId: TraceId; spanId: SpanId }[];
  return links.map(({ traceId, spanId }) => ({ traceId, spanId, attributes: new Map() }));
}
