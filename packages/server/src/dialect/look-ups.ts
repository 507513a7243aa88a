import type { Attributes, AttributeValue } from "@telltale/model";
import { nanosFromDecimal } from "@telltale/model";
import { numberOf, scalarText, textsOf } from "./attribute-readers.ts";
import { memberOf, parseJson } from "./json-of.ts";

/** What the tables of conventions §8 tell of a span, whoever sent it. */
export interface LookedUp {
  sessionId?: string;
  userId?: string;
  promptName?: string;
  promptVersion?: string;
  requestModel?: string;
  responseModel?: string;
  tags?: readonly string[];
  reported?: { readonly nanos: bigint; readonly source: string };
}

type TextField = "sessionId" | "userId" | "promptName" | "promptVersion" | "requestModel" | "responseModel";

const TRACELOOP = "traceloop.association.properties.";
const AI_METADATA = "ai.telemetry.metadata.";
const AI_CONTEXT = "ai.settings.context.";
const LANGSMITH = "langsmith.metadata.";
const LAMINAR = "lmnr.association.properties.";

/** Keys of a text field, the first told one wins. Applications spell names of their own both ways. */
const TEXT_KEYS: { readonly [field in TextField]: readonly string[] } = {
  sessionId: [
    "session.id",
    "gen_ai.conversation.id",
    "langfuse.session.id",
    "langfuse.trace.session_id",
    ...["session_id", "sessionId", "conversation_id", "conversationId", "thread_id", "threadId", "chat_id"].map(
      (key) => TRACELOOP + key,
    ),
    ...["sessionId", "threadId", "conversationId"].map((key) => AI_METADATA + key),
    ...["sessionId", "threadId"].map((key) => AI_CONTEXT + key),
    ...["session_id", "thread_id", "conversation_id"].map((key) => LANGSMITH + key),
    `${LAMINAR}session_id`,
    "mlflow.trace.session",
    "gcp.vertex.agent.session_id",
    "genkit:sessionId",
    "mastra.metadata.threadId",
    "metadata.sessionId",
    "wandb.thread_id",
    "anthropic.session.id",
    "$session_id",
  ],
  userId: [
    "user.id",
    "enduser.id",
    "langfuse.user.id",
    "gen_ai.user.id",
    "gen_ai.request.user",
    "llm.user",
    `${TRACELOOP}user_id`,
    `${TRACELOOP}userId`,
    `${AI_METADATA}userId`,
    `${AI_CONTEXT}userId`,
    `${LANGSMITH}user_id`,
    `${LAMINAR}user_id`,
    "mlflow.trace.user",
    "mastra.metadata.userId",
    "metadata.userId",
    "user.account_uuid",
    "posthog.distinct_id",
  ],
  promptName: [
    "gen_ai.prompt.name",
    "langfuse.observation.prompt.name",
    "langfuse.prompt.name",
    "traceloop.prompt.key",
    "prompt.id",
    "lc_hub_repo",
    `${LANGSMITH}lc_hub_repo`,
  ],
  promptVersion: [
    "gen_ai.prompt.version",
    "langfuse.observation.prompt.version",
    "langfuse.prompt.version",
    "traceloop.prompt.version",
    "llm.prompt_template.version",
    "lc_hub_commit_hash",
    `${LANGSMITH}lc_hub_commit_hash`,
  ],
  requestModel: [
    "gen_ai.request.model",
    "llm.request.model_name",
    "ai.model.id",
    "llm.model_name",
    "langfuse.observation.model.name",
    `${LANGSMITH}ls_model_name`,
    "ls_model_name",
    "mlflow.llm.model",
    "aisdk.model.id",
    "embedding.model_name",
    "reranker.model_name",
  ],
  responseModel: ["gen_ai.response.model", "llm.response.model_name", "ai.response.model"],
};

const TAG_KEYS = [
  "telltale.tags",
  "tag.tags",
  "langfuse.trace.tags",
  "langfuse.tags",
  "langsmith.span.tags",
  `${AI_METADATA}tags`,
  "mastra.tags",
  `${LAMINAR}tags`,
  "braintrust.tags",
  "logfire.tags",
  "metadata.tags",
];

/** Costs in dollars that a sender worked out. Sentry's keys say tokens and mean dollars. */
const COST_KEYS = [
  "llm.cost.total",
  "gen_ai.usage.cost",
  "gen_ai.cost.total",
  "gen_ai.cost.total_cost",
  "gen_ai.cost.total_tokens",
  "operation.cost",
  "claude_code.api_request.cost_usd",
];
const PAIRED_COST_KEYS: readonly (readonly [string, string])[] = [
  ["llm.cost.prompt", "llm.cost.completion"],
  ["gen_ai.usage.input_cost", "gen_ai.usage.output_cost"],
  ["gen_ai.cost.input", "gen_ai.cost.output"],
  ["gen_ai.cost.input_cost", "gen_ai.cost.output_cost"],
];
/** Costs that come as JSON, with the member that is the total. */
const JSON_COST_KEYS: readonly (readonly [string, string])[] = [
  ["langfuse.observation.cost_details", "total"],
  ["mlflow.llm.cost", "total_cost"],
  ["langsmith.usage_metadata", "total_cost"],
];

/** A field a key belongs to, and its rank among the field's keys. */
type Place = readonly [TextField | "tags" | "cost" | "prompt", number];

/** Every key above → its place, so that one pass over a span's attributes is enough. */
const PLACES: ReadonlyMap<string, Place> = new Map<string, Place>([
  ...Object.entries(TEXT_KEYS).flatMap(([field, keys]) =>
    keys.map((key, rank): [string, Place] => [key, [field as TextField, rank]]),
  ),
  ...TAG_KEYS.map((key, rank): [string, Place] => [key, ["tags", rank]]),
  ...[...COST_KEYS, ...PAIRED_COST_KEYS.flat(), ...JSON_COST_KEYS.map(([key]) => key)].map((key): [string, Place] => [
    key,
    ["cost", 0],
  ]),
  [`${AI_METADATA}langfusePrompt`, ["prompt", 0]],
]);

/** Looks up session, user, prompt, models, tags and reported cost. Empty where nobody told. */
export function lookUp(attributes: Attributes): LookedUp {
  const found: LookedUp = {};
  const ranks: { [field in TextField | "tags"]?: number } = {};
  let hasCost = false;
  for (const [key, value] of attributes) {
    const place = PLACES.get(key);
    if (!place) continue;
    const [field, rank] = place;
    if (field === "cost") hasCost = true;
    else if (field === "prompt") fillPrompt(found, value);
    else if (rank < (ranks[field] ?? Infinity) && fill(found, field, value)) ranks[field] = rank;
  }
  if (hasCost) {
    const reported = reportedCost(attributes);
    if (reported) found.reported = reported;
  }
  return found;
}

function fill(found: LookedUp, field: TextField | "tags", value: AttributeValue): boolean {
  if (field === "tags") {
    // LangSmith joins its tags by ", ".
    const tags = typeof value === "string" && !value.startsWith("[") ? value.split(", ") : textsOf(value);
    const told = tags.filter((tag) => tag !== "");
    if (told.length === 0) return false;
    found.tags = [...new Set(told)];
    return true;
  }
  const text = scalarText(value);
  if (text === undefined) return false;
  found[field] = text;
  return true;
}

/** The AI SDK's metadata carries a Langfuse prompt as JSON. */
function fillPrompt(found: LookedUp, value: AttributeValue): void {
  const prompt = typeof value === "string" ? parseJson(value) : undefined;
  const name = memberOf(prompt, "name");
  const version = memberOf(prompt, "version");
  if (typeof name === "string" && name !== "") found.promptName ??= name;
  if (typeof version === "number" || typeof version === "string") found.promptVersion ??= String(version);
}

/**
 * What the sender says it cost, in nano-dollars, and by which key. A cost of 0 is taken as not
 * told: SDKs write it when they have no price.
 */
function reportedCost(attributes: Attributes): LookedUp["reported"] {
  for (const key of COST_KEYS) {
    const nanos = dollars(attributes.get(key));
    if (nanos) return { nanos, source: key };
  }
  for (const [input, output] of PAIRED_COST_KEYS) {
    const nanos = (dollars(attributes.get(input)) ?? 0n) + (dollars(attributes.get(output)) ?? 0n);
    if (nanos > 0n) return { nanos, source: input };
  }
  for (const [key, member] of JSON_COST_KEYS) {
    const value = attributes.get(key);
    const details = typeof value === "string" ? parseJson(value) : undefined;
    const nanos = jsonCost(details, member);
    if (nanos) return { nanos, source: key };
  }
  return undefined;
}

/** The total of a cost object, or the sum of its parts where Langfuse's users leave it out. */
function jsonCost(details: ReturnType<typeof parseJson>, member: string): bigint | undefined {
  const total = memberOf(details, member);
  if (typeof total === "number") return dollars(total);
  const parts = ["input", "output", "input_cost", "output_cost"].map((key) => memberOf(details, key));
  return parts.reduce<bigint>((sum, part) => sum + (typeof part === "number" ? (dollars(part) ?? 0n) : 0n), 0n);
}

function dollars(value: AttributeValue | undefined): bigint | undefined {
  const number = numberOf(value);
  if (number === undefined || number <= 0) return undefined;
  return nanosFromDecimal(number);
}
