import type { UsageLine } from "@telltale/model";
import type { SpanDetail } from "../api-types.ts";
import type { Row } from "../query.ts";
import { flatAttributes } from "./flat-attributes.ts";
import { knownNumberOf, numberOf, textOf, textsOf } from "./row-value.ts";

const milliseconds = (column: string): string => `intDiv(toUnixTimestamp64Nano(${column}), 1000) / 1000`;

/** What {@link spanDetailOf} reads of `span_rows`: everything but content, and where its row is. */
export const SPAN_COLUMNS: string = `toString(row) AS row_text, toUnixTimestamp(hour) AS hour_seconds, trace_id, span_id, parent_span_id, project,
  service_name, name, kind, operation, ${milliseconds("start_time")} AS start_ms,
  if(isNull(end_time), NULL, ${milliseconds("assumeNotNull(end_time)")}) AS end_ms, status, error_type, error_message,
  provider, request_model, response_model, response_id, usage, cost, billing,
  time_to_first_token_ns / 1e6 AS first_token_ms, finish_reason, session_id, user_id, tags, agent_name, tool_name,
  tool_call_id, prompt_name, prompt_version, toJSONString(attributes) AS attributes_json, resource, scope_name,
  scope_version, events, links, dialect`;

/** A span without its content. */
export type SpanFields = Omit<SpanDetail, "input" | "output">;

/** The fields in a row of {@link SPAN_COLUMNS}. */
export function spanFieldsOf(row: Row): SpanFields {
  const text = (column: string): string => textOf(row, column);
  const status = text("status");
  return {
    traceId: text("trace_id"),
    spanId: text("span_id"),
    parentSpanId: text("parent_span_id") || null,
    project: text("project"),
    serviceName: text("service_name"),
    name: text("name"),
    kind: text("kind"),
    operation: text("operation"),
    startTime: numberOf(row, "start_ms"),
    endTime: knownNumberOf(row, "end_ms"),
    status: status === "error" || status === "ok" ? status : "unset",
    errorType: text("error_type"),
    errorMessage: text("error_message"),
    provider: text("provider"),
    requestModel: text("request_model"),
    responseModel: text("response_model"),
    responseId: text("response_id"),
    usage: listOf<UsageLine>(text("usage")),
    cost: text("cost") === "" ? null : costOf(text("cost")),
    billing: billingOf(text("billing")),
    timeToFirstTokenMs: knownNumberOf(row, "first_token_ms"),
    finishReason: text("finish_reason"),
    sessionId: text("session_id"),
    userId: text("user_id"),
    tags: textsOf(row, "tags"),
    agentName: text("agent_name"),
    toolName: text("tool_name"),
    toolCallId: text("tool_call_id"),
    promptName: text("prompt_name"),
    promptVersion: text("prompt_version"),
    attributes: flatAttributes(text("attributes_json")),
    resource: flatAttributes(text("resource")),
    scopeName: text("scope_name"),
    scopeVersion: text("scope_version"),
    events: listOf<StoredEvent>(text("events")).map((event) => ({
      name: event.name,
      time: Number(BigInt(event.time) / 1000n) / 1000,
      attributes: flatAttributes(JSON.stringify(event.attributes)),
    })),
    links: listOf<{ traceId: string; spanId: string }>(text("links")),
    dialect: text("dialect"),
  };
}

/** An event as the engine stores it; the time in nanoseconds as text. */
interface StoredEvent {
  readonly name: string;
  readonly time: string;
  readonly attributes: unknown;
}

/** A column that holds the JSON of a list that the engine wrote, or nothing. */
function listOf<Item>(text: string): Item[] {
  return text === "" ? [] : (JSON.parse(text) as Item[]);
}

/** A cost as the engine stores it: amounts as decimal text; `nanos` absent when unknown. */
function costOf(text: string): SpanDetail["cost"] {
  const cost = JSON.parse(text) as NonNullable<SpanDetail["cost"]>;
  return { ...cost, nanos: cost.nanos ?? null };
}

function billingOf(text: string): SpanDetail["billing"] {
  return text === "billed" || text === "aggregate" || text === "shadow" ? text : "none";
}

/**
 * SQL for the JSON of a content as the API has it. The content itself is passed on as it is
 * stored; what is no JSON after all is shown as the text it is.
 */
export function contentSql(side: "input" | "output"): string {
  const wrapped = (type: string, key: string): string =>
    `${side}_type = '${type}', concat('{"type":"${type}","${key}":', ${side}, '}')`;
  return `multiIf(
    ${side}_type = '', 'null',
    ${side}_type = 'masked', '{"type":"masked"}',
    ${side}_type = 'text' OR NOT isValidJSON(${side}), concat('{"type":"text","text":', toJSONString(${side}), '}'),
    ${wrapped("messages", "messages")}, ${wrapped("documents", "documents")}, ${wrapped("json", "value")},
    'null')`;
}
