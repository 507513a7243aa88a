import { filterFieldKey } from "@telltale/model";
import type { StatementParameters } from "./statement-parameters.ts";

/** Number fields of a trace, in the base unit of the filter language; NULL is unknown. */
export const TRACE_NUMBERS: ReadonlyMap<string, string> = new Map([
  ["latency", "greatest(toUnixTimestamp64Nano(end_time) - toUnixTimestamp64Nano(start_time), 0)"],
  ["cost", "cost_nanos"],
  [
    "tokens",
    "if(isNull(input_tokens) AND isNull(output_tokens), NULL, ifNull(input_tokens, 0) + ifNull(output_tokens, 0))",
  ],
  ["input_tokens", "input_tokens"],
  ["output_tokens", "output_tokens"],
  ["spans", "span_count"],
  ["errors", "error_count"],
  ["llm_calls", "llm_calls"],
  ["tool_calls", "tool_calls"],
  ["unpriced", "unpriced_calls"],
]);

/** Text fields of a trace; `tag`, the only list, is compiled apart. */
export const TRACE_TEXT: ReadonlyMap<string, string> = new Map([
  ["status", "status"],
  ["project", "project"],
  ["service", "service_name"],
  ["root", "root_name"],
  ["trace", "trace_id"],
  ["session", "session_id"],
  ["user", "user_id"],
]);

/** Text fields of a span; one of the columns has to match. */
export const SPAN_TEXT: ReadonlyMap<string, readonly string[]> = new Map([
  ["kind", ["kind"]],
  ["name", ["name"]],
  ["model", ["response_model", "request_model"]],
  ["provider", ["provider"]],
  ["agent", ["agent_name"]],
  ["tool", ["tool_name"]],
  ["prompt", ["prompt_name"]],
  ["operation", ["operation"]],
  ["finish", ["finish_reason"]],
  ["error.type", ["error_type"]],
  ["error.message", ["error_message"]],
  // OpenTelemetry renamed it in semantic conventions 1.27; senders use both.
  [
    "env",
    [
      "JSONExtractString(resource, 'deployment.environment.name')",
      "JSONExtractString(resource, 'deployment.environment')",
    ],
  ],
]);

/** The text of `attribute.<key>` or `resource.<key>` of a span; '' where it has none. */
export function attributeText(field: string, parameters: StatementParameters): string {
  // An empty step of a key is stored as `_`; see engine/attributes-json.ts.
  const key = filterFieldKey(field)
    .split(".")
    .map((step) => step || "_")
    .join(".");
  // Only of an identifier does the engine read that path alone: as a text given to `getSubcolumn` it reads all, twenty times as long.
  if (field.startsWith("attribute.")) return `ifNull(toString(attributes.${pathIdentifier(key)}), '')`;
  const place = parameters.bind("String", key);
  return `if(JSONType(resource, ${place}) = 'String', JSONExtractString(resource, ${place}), JSONExtractRaw(resource, ${place}))`;
}

/** A path of a JSON column as an identifier. Every byte but of a plain word is an escape: no key can end it, or look like the place of a parameter. */
function pathIdentifier(path: string): string {
  const escaped = Buffer.from(path)
    .toString("latin1")
    .replaceAll(/[^\w.]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, "0")}`);
  return `\`${escaped}\``;
}
