import type { AttributeValue, SpanId } from "@telltale/model";
import { spanIdOf, traceIdOf } from "../format/foreign-id.ts";
import type { LogRecord, SpanRecord } from "../otlp/record.ts";
import { firstText, numberOf, scalarText, textAt } from "./attribute-readers.ts";

/** Claude Code's events; its traces are a beta that few switch on, so most installations tell of their calls by these alone. */
const CLAUDE_CODE = "com.anthropic.claude_code.events";

/** What of a log record becomes a span. */
interface Told {
  readonly name: string;
  /** Of the span among those of its prompt; "" for the prompt's own. */
  readonly place: string;
  /** The record stands at the start of its span. */
  readonly opens?: true;
  readonly attributes: readonly (readonly [string, AttributeValue])[];
}

/**
 * The span that a log record tells of, where its sender sends no spans for it: Claude Code's calls, tools and prompts
 * (conventions §7.2), with the attributes that its own spans would have. `undefined` for any other record, and for one
 * that belongs to a span. A record that comes twice gives the same span.
 */
export function spanOfLog(log: LogRecord): SpanRecord | undefined {
  if (log.traceId !== undefined || log.scope.name !== CLAUDE_CODE) return undefined;
  const prompt = firstText(log.attributes, ["prompt.id", "session.id"]);
  const told = toldOf(log);
  if (prompt === undefined || told === undefined) return undefined;
  const milliseconds = told.opens ? 0 : (numberOf(log.attributes.get("duration_ms")) ?? 0);
  const length = milliseconds > 0 && milliseconds < 1e12 ? BigInt(Math.round(milliseconds * 1e6)) : 0n;
  const start = log.time > length ? log.time - length : log.time;
  const isRoot = told.place === "";
  const root = spanIdOf(prompt);
  return {
    traceId: traceIdOf(prompt),
    spanId: isRoot ? root : spanIdOf(`${prompt}/${told.place}`),
    ...(isRoot ? {} : { parentSpanId: root as SpanId }),
    name: told.name,
    spanKind: 1,
    startTime: start,
    endTime: told.opens ? 0n : log.time,
    statusCode: 0,
    statusMessage: "",
    attributes: new Map<string, AttributeValue>([...log.attributes, ...told.attributes]),
    droppedAttributes: 0,
    events: [],
    links: [],
    resource: log.resource,
    scope: log.scope,
  };
}

function toldOf({ attributes, eventName }: LogRecord): Told | undefined {
  const event = (textAt(attributes, "event.name") ?? eventName).replace(/^claude_code\./, "");
  const place = scalarText(attributes.get("request_id")) ?? scalarText(attributes.get("event.sequence")) ?? event;
  const cost = attributes.get("cost_usd");
  switch (event) {
    case "user_prompt":
      return {
        name: "claude_code.interaction",
        place: "",
        opens: true,
        attributes: interaction("user_prompt", attributes.get("prompt")),
      };
    case "assistant_response":
      return {
        name: "claude_code.interaction",
        place: "",
        attributes: interaction("response.model_output", attributes.get("response")),
      };
    case "api_request":
    case "api_error":
      return {
        name: "claude_code.llm_request",
        place,
        attributes: [
          ["span.type", "llm_request"],
          ["success", event === "api_request"],
          ...(cost === undefined ? [] : [["claude_code.api_request.cost_usd", cost] as const]),
        ],
      };
    case "tool_result":
      return {
        name: "claude_code.tool",
        place: textAt(attributes, "tool_use_id") ?? place,
        attributes: [["span.type", "tool"]],
      };
    default:
      return undefined;
  }
}

function interaction(key: string, text: AttributeValue | undefined): readonly (readonly [string, AttributeValue])[] {
  return [["span.type", "interaction"], ...(typeof text === "string" ? [[key, text] as const] : [])];
}
