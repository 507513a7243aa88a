import { SPAN_KINDS } from "./span.ts";

/**
 * What a field holds. `latency` counts nanoseconds, `cost` nano-dollars, `count` whole things;
 * `choice` is one of `values`.
 */
export type FilterFieldType = "text" | "choice" | "latency" | "cost" | "count";

/** A field of the filter language, as help, completion and documentation show it. */
export interface FilterField {
  /** As written before the colon. With `key`, a dot and a key follow: `attribute.http.route`. */
  readonly name: string;
  readonly type: FilterFieldType;
  /** `trace`: a property of the whole trace. `span`: holds when at least one span matches. */
  readonly scope: "trace" | "span";
  readonly help: string;
  readonly example: string;
  readonly values?: readonly string[];
  /** True where any key may follow the name. */
  readonly key?: true;
}

/** Every field of the filter language, in the order that help shows them. */
export const FILTER_FIELDS: readonly FilterField[] = [
  {
    name: "status",
    type: "choice",
    scope: "trace",
    values: ["unset", "ok", "error"],
    help: "How the trace ended",
    example: "status:error",
  },
  { name: "latency", type: "latency", scope: "trace", help: "From first start to last end", example: "latency:>2s" },
  { name: "cost", type: "cost", scope: "trace", help: "Billed cost in US dollars", example: "cost:>=0.01" },
  { name: "tokens", type: "count", scope: "trace", help: "Billed input and output tokens", example: "tokens:>10k" },
  { name: "input_tokens", type: "count", scope: "trace", help: "Billed input tokens", example: "input_tokens:>8k" },
  { name: "output_tokens", type: "count", scope: "trace", help: "Billed output tokens", example: "output_tokens:<10" },
  { name: "spans", type: "count", scope: "trace", help: "Number of spans", example: "spans:>100" },
  { name: "errors", type: "count", scope: "trace", help: "Number of failed spans", example: "errors:>0" },
  { name: "llm_calls", type: "count", scope: "trace", help: "Number of model calls", example: "llm_calls:>20" },
  { name: "tool_calls", type: "count", scope: "trace", help: "Number of tool calls", example: "tool_calls:0" },
  {
    name: "unpriced",
    type: "count",
    scope: "trace",
    help: "Billed calls whose cost is not wholly known",
    example: "unpriced:>0",
  },
  { name: "project", type: "text", scope: "trace", help: "Project", example: "project:default" },
  { name: "service", type: "text", scope: "trace", help: "Service that began the trace", example: "service:checkout" },
  { name: "root", type: "text", scope: "trace", help: "Name of the first span", example: "root:generate_*" },
  { name: "trace", type: "text", scope: "trace", help: "Trace id", example: "trace:4bf92f*" },
  { name: "session", type: "text", scope: "trace", help: "Session id", example: "session:chat-17" },
  { name: "user", type: "text", scope: "trace", help: "User id", example: "user:alice" },
  { name: "tag", type: "text", scope: "trace", help: "Tag of a trace", example: "tag:beta" },
  {
    name: "kind",
    type: "choice",
    scope: "span",
    values: SPAN_KINDS,
    help: "What a span stands for",
    example: "kind:retrieval",
  },
  { name: "name", type: "text", scope: "span", help: "Name of a span", example: 'name:"chat gpt-4o"' },
  { name: "model", type: "text", scope: "span", help: "Model asked for or answering", example: "model:gpt-4o*" },
  { name: "provider", type: "text", scope: "span", help: "Provider of the model", example: "provider:openai" },
  { name: "agent", type: "text", scope: "span", help: "Name of an agent", example: "agent:refund" },
  { name: "tool", type: "text", scope: "span", help: "Name of a tool", example: "tool:search" },
  { name: "prompt", type: "text", scope: "span", help: "Name of a managed prompt", example: "prompt:greeting" },
  { name: "operation", type: "text", scope: "span", help: "GenAI operation name", example: "operation:chat" },
  { name: "finish", type: "text", scope: "span", help: "Why a model stopped", example: "finish:length" },
  { name: "error.type", type: "text", scope: "span", help: "Type of an error", example: "error.type:RateLimit*" },
  { name: "error.message", type: "text", scope: "span", help: "Text of an error", example: "error.message:*429*" },
  { name: "env", type: "text", scope: "span", help: "Deployment environment", example: "-env:dev" },
  {
    name: "attribute",
    type: "text",
    scope: "span",
    key: true,
    help: "Any attribute by its key; also compares numbers",
    example: "attribute.http.route:/api/*",
  },
  {
    name: "resource",
    type: "text",
    scope: "span",
    key: true,
    help: "Any resource attribute by its key",
    example: "resource.k8s.pod.name:web-*",
  },
];

const BY_NAME = new Map(FILTER_FIELDS.map((field) => [field.name, field]));

/** The field of a full name such as `cost` or `attribute.http.route`; `undefined` when there is none. */
export function findFilterField(name: string): FilterField | undefined {
  const dot = name.indexOf(".");
  const keyed = dot > 0 && dot < name.length - 1 ? BY_NAME.get(name.slice(0, dot)) : undefined;
  if (keyed?.key) return keyed;
  const field = BY_NAME.get(name);
  return field?.key ? undefined : field;
}

/** The key behind `attribute.` or `resource.`. */
export function filterFieldKey(name: string): string {
  return name.slice(name.indexOf(".") + 1);
}

/** The field name that looks most like a mistyped one; `undefined` when none is near. */
export function nearestFilterField(name: string): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(3, Math.floor(name.length / 2));
  for (const field of FILTER_FIELDS) {
    const distance = editDistance(name.toLowerCase(), field.name);
    if (distance < bestDistance) [best, bestDistance] = [field.name, distance];
  }
  return best;
}

/** Names longer than this are not typing mistakes; the comparison below is quadratic. */
const LONGEST_NAME = 40;

function editDistance(left: string, right: string): number {
  if (left.length > LONGEST_NAME) return Infinity;
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const replaced = previous[column - 1]! + (left[row - 1] === right[column - 1] ? 0 : 1);
      current[column] = Math.min(previous[column]! + 1, current[column - 1]! + 1, replaced);
    }
    previous = current;
  }
  return previous[right.length]!;
}
