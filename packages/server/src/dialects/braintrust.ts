import type { Attributes, Content, SpanKind, UsageLine } from "@telltale/model";
import { usageLine } from "@telltale/rules";
import type { Dialect, SpanFields } from "../dialect.ts";
import { textAt } from "../dialect/attribute-readers.ts";
import { anyContent, messagesContent } from "../dialect/content.ts";
import { isEmbeddingModel } from "../dialect/embedding-model.ts";
import { requestMessages, responseMessages } from "../dialect/exchange.ts";
import { countIn, isObject, type JsonObject, parseJson, textIn } from "../dialect/json-of.ts";
import { finishReason, providerName } from "../dialect/names.ts";
import { spanKind } from "../dialect/span-kind.ts";
import type { SpanRecord } from "../otlp/record.ts";

const PREFIX = "braintrust.";
const INPUTS = ["input_json", "input"].map((name) => PREFIX + name);
const OUTPUTS = ["output_json", "output"].map((name) => PREFIX + name);
/** `braintrust.parent` and `braintrust.context_json` are on every span that passes Braintrust's processor. */
const SIGNS = [
  ...INPUTS,
  ...OUTPUTS,
  ...["span_attributes", "metadata", "metrics", "scores", "expected", "expected_json", "tags"].map(
    (name) => PREFIX + name,
  ),
];

/** Its types of spans; `eval` is one case of an evaluation with its task and its scores below. */
const KINDS: ReadonlyMap<string, SpanKind> = new Map([
  ["llm", "llm"],
  ["tool", "tool"],
  ["score", "evaluation"],
  ["classifier", "evaluation"],
  ["eval", "workflow"],
  ["task", "workflow"],
  ["automation", "workflow"],
  ["function", "span"],
]);

/** A program's own names in the metadata. */
const SESSIONS = ["session_id", "sessionId", "thread_id", "conversation_id"];
const USERS = ["user_id", "userId"];

/** The Java SDK alone copies Anthropic's counts; the others add cached tokens to the input. */
const COPYING_SCOPE = "braintrust-java";

function objectAt(attributes: Attributes, name: string): JsonObject | undefined {
  const parsed = parseJson(textAt(attributes, PREFIX + name) ?? "");
  return isObject(parsed) ? parsed : undefined;
}

function kindOf(attributes: Attributes, metadata: JsonObject | undefined): SpanKind | undefined {
  const kind = spanKind(attributes) ?? KINDS.get(textIn(objectAt(attributes, "span_attributes"), "type") ?? "");
  const model = textIn(metadata, "model");
  return kind === "llm" && model !== undefined && isEmbeddingModel(model) ? "embedding" : kind;
}

function usageOf(metrics: JsonObject | undefined, cachedApart: boolean): readonly UsageLine[] | undefined {
  const count = (name: string): number | undefined => countIn(metrics, name);
  const hour = count("prompt_cache_creation_1h_tokens");
  const minutes = count("prompt_cache_creation_5m_tokens");
  const written = hour === undefined && minutes === undefined ? undefined : (hour ?? 0) + (minutes ?? 0);
  const line = usageLine(
    {
      input: count("prompt_tokens"),
      output: count("completion_tokens"),
      cacheRead: count("prompt_cached_tokens"),
      cacheWrite: count("prompt_cache_creation_tokens") ?? written,
      cacheWriteHour: hour,
      reasoning: count("completion_reasoning_tokens"),
      inputAudio: count("prompt_audio_tokens"),
      outputAudio: count("completion_audio_tokens"),
    },
    { cachedApart },
  );
  return line && [line];
}

function contentAt(
  attributes: Attributes,
  keys: readonly string[],
  kind: SpanKind | undefined,
): { readonly content?: Content | undefined; readonly consumed: readonly string[] } {
  const key = keys.find((each) => attributes.has(each));
  if (key === undefined) return { consumed: [] };
  const value = attributes.get(key);
  const isInput = keys === INPUTS;
  const content =
    kind === "llm"
      ? messagesContent(value, isInput ? "user" : "assistant", isInput ? requestMessages : responseMessages)
      : anyContent(value);
  // A whole request or answer says more than its messages, so it stays.
  const isWhole = content?.type === "messages" && typeof value === "string" && value.trimStart().startsWith("{");
  return { content, consumed: content && content.type !== "masked" && !isWhole ? [key] : [] };
}

function firstIn(metadata: JsonObject | undefined, names: readonly string[]): string | undefined {
  return names.map((name) => textIn(metadata, name)).find((text) => text !== undefined);
}

function read(span: SpanRecord): SpanFields {
  const { attributes } = span;
  const metadata = objectAt(attributes, "metadata");
  const kind = kindOf(attributes, metadata);
  const isCall = kind === "llm" || kind === "embedding";
  const provider = providerName(textIn(metadata, "provider"));
  const input = contentAt(attributes, INPUTS, kind);
  const output = contentAt(attributes, OUTPUTS, kind);
  const answer = output.content?.type === "messages" ? output.content.messages[0] : undefined;
  const isTold = (key: string): boolean => attributes.has(key);
  return {
    kind,
    input: input.content,
    output: output.content,
    ...(isCall
      ? {
          provider,
          requestModel: isTold("gen_ai.request.model") ? undefined : textIn(metadata, "model"),
          responseId: textIn(metadata, "id"),
          serviceTier: textIn(metadata, "service_tier"),
          finishReason: finishReason(answer?.finish_reason),
          usage: usageOf(
            objectAt(attributes, "metrics"),
            span.scope.name === COPYING_SCOPE && provider === "anthropic",
          ),
        }
      : {}),
    toolName: kind === "tool" ? (textIn(objectAt(attributes, "span_attributes"), "name") ?? span.name) : undefined,
    sessionId: isTold("session.id") || isTold("gen_ai.conversation.id") ? undefined : firstIn(metadata, SESSIONS),
    userId: isTold("user.id") ? undefined : firstIn(metadata, USERS),
    consumed: [...input.consumed, ...output.consumed],
  };
}

/** Set by hand beside what an instrumentation tells, so it fills what that leaves open. */
function claims({ attributes }: SpanRecord): 0 | 1 {
  return SIGNS.some((sign) => attributes.has(sign)) ? 1 : 0;
}

/**
 * Braintrust's names on OpenTelemetry's spans, as its SDKs of Go, Java and Ruby write them and programs by hand
 * (conventions §7.10). Scores are read beside the other judgements.
 */
export const braintrust: Dialect = { name: "braintrust", version: 1, claims, read };
