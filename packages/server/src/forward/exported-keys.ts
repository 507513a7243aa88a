import type { Span } from "@telltale/model";

/** Fields of a canonical span that are one text. */
type TextField =
  | "operation"
  | "errorType"
  | "provider"
  | "requestModel"
  | "responseModel"
  | "responseId"
  | "serviceTier"
  | "sessionId"
  | "userId"
  | "agentName"
  | "toolName"
  | "toolCallId"
  | "promptName"
  | "promptVersion";

/** Where each of them goes: the conventions' name, or ours where they have none. */
export const TEXT_KEYS: readonly (readonly [TextField, string])[] = [
  ["operation", "gen_ai.operation.name"],
  ["errorType", "error.type"],
  ["provider", "gen_ai.provider.name"],
  ["requestModel", "gen_ai.request.model"],
  ["responseModel", "gen_ai.response.model"],
  ["responseId", "gen_ai.response.id"],
  ["serviceTier", "telltale.service_tier"],
  ["sessionId", "session.id"],
  ["userId", "user.id"],
  ["agentName", "gen_ai.agent.name"],
  ["toolName", "gen_ai.tool.name"],
  ["toolCallId", "gen_ai.tool.call.id"],
  ["promptName", "gen_ai.prompt.name"],
  ["promptVersion", "gen_ai.prompt.version"],
];

/** Says that a span was translated before it was sent, and in which form its fields are told: see {@link EXPORT_VERSION}. */
export const VERSION = "telltale.exported.version";
/** Raised when the fields are told in another way; a reader takes only the versions it knows. */
export const EXPORT_VERSION = 1;
/** Keys that the exporter put in, and the sender had not. */
export const ADDED = "telltale.exported.added";
/** Keys that are there for other readers and tell nothing that a canonical span has. */
export const DERIVED = "telltale.exported.derived";
/** Before the key of an attribute of the sender's whose name the exporter needs for a canonical field. */
export const RAW = "telltale.raw.";

export const DIALECT = "telltale.dialect";
export const PROJECT = "telltale.project";
export const SERVICE = "telltale.service.name";
export const KIND = "telltale.span.kind";
export const TAGS = "telltale.tags";
export const FINISH_REASONS = "gen_ai.response.finish_reasons";
/** Seconds, as a double. */
export const FIRST_CHUNK = "gen_ai.response.time_to_first_chunk";
/** Whole nanoseconds, where seconds as a double are not exact. */
export const FIRST_TOKEN_NANOS = "telltale.time_to_first_token_ns";
/** JSON of the usage lines, where the conventions' names do not say it all: several models, an inferred or estimated count. */
export const USAGE_LINES = "telltale.usage.lines";
/** What the sender said it cost: nano-units of a dollar, and by which key. */
export const REPORTED = "telltale.cost.reported.nanos";
export const REPORTED_BY = "telltale.cost.reported.source";
/** What the exporting server worked out; a receiver works it out again by its own prices. */
export const COST = "telltale.cost.nanos";
export const CURRENCY = "telltale.cost.currency";
/** Why that is a lower bound; absent where it is all. */
export const REASON = "telltale.cost.reason";

/** One side of a span. */
export type Side = "input" | "output";
export const SIDES: readonly Side[] = ["input", "output"];

/** Which of the canonical content types a side is; all that is told of masked content. */
export const contentTypeKey = (side: Side): string => `telltale.${side}.type`;

/** Where a side's content of one type goes. */
export function contentKey(side: Side, type: string, kind: Span["kind"]): string {
  if (type === "messages") return `gen_ai.${side}.messages`;
  if (type === "documents" && side === "output") return "gen_ai.retrieval.documents";
  if (type === "text" && side === "input" && kind === "retrieval") return "gen_ai.retrieval.query.text";
  if ((type === "text" || type === "json") && (kind === "tool" || kind === "mcp"))
    return side === "input" ? "gen_ai.tool.call.arguments" : "gen_ai.tool.call.result";
  return `telltale.${side}`;
}

/** The conventions' names of usage that the exporter writes: of those it reads back no other. */
const USAGE_KEYS: readonly string[] = [
  "gen_ai.usage.input_tokens",
  "gen_ai.usage.output_tokens",
  "gen_ai.usage.cache_read.input_tokens",
  "gen_ai.usage.cache_write.input_tokens",
  "gen_ai.usage.reasoning.output_tokens",
  ...["audio", "image", "video"].flatMap((modality) =>
    ["input_tokens", "cache_read.input_tokens", "output_tokens"].map((count) => `gen_ai.usage.${modality}.${count}`),
  ),
  "telltale.usage.cache_write_1h.input_tokens",
  "telltale.usage.web_search.requests",
  "telltale.usage.server_tool_calls.file_search",
  "telltale.usage.search_units",
  "telltale.usage.audio.input_seconds",
];

/** Every key by which the exporter tells a field; an attribute of the sender's with such a name moves under {@link RAW}. */
export const FIELD_KEYS: ReadonlySet<string> = new Set([
  ...TEXT_KEYS.map(([, key]) => key),
  VERSION,
  ADDED,
  DERIVED,
  DIALECT,
  PROJECT,
  SERVICE,
  KIND,
  TAGS,
  FINISH_REASONS,
  FIRST_CHUNK,
  FIRST_TOKEN_NANOS,
  USAGE_LINES,
  REPORTED,
  REPORTED_BY,
  COST,
  CURRENCY,
  REASON,
  ...SIDES.flatMap((side) => [contentTypeKey(side), `gen_ai.${side}.messages`, `telltale.${side}`]),
  "gen_ai.retrieval.documents",
  "gen_ai.retrieval.query.text",
  "gen_ai.tool.call.arguments",
  "gen_ai.tool.call.result",
  ...USAGE_KEYS,
]);
