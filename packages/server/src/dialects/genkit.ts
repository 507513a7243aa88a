import type { Attributes, Content, Json, SpanKind, UsageLine } from "@telltale/model";
import { usageLine } from "@telltale/rules";
import type { Dialect, SpanFields } from "../dialect.ts";
import { textAt } from "../dialect/attribute-readers.ts";
import { anyContent, messagesContent } from "../dialect/content.ts";
import { documentsContent } from "../dialect/documents.ts";
import { requestMessages, responseMessages } from "../dialect/exchange.ts";
import {
  countIn,
  isArray,
  isObject,
  type JsonObject,
  memberOf,
  objectIn,
  parseJson,
  textIn,
} from "../dialect/json-of.ts";
import { messageOf } from "../dialect/messages.ts";
import { finishReason, providerName } from "../dialect/names.ts";
import { spanKind } from "../dialect/span-kind.ts";
import type { SpanRecord } from "../otlp/record.ts";

const INPUT = "genkit:input";
const OUTPUT = "genkit:output";
/** The round of calls and tools that answers one `generate()`: its messages are those of a call. */
const GENERATE = "generate";
/** What is no action. */
const STEPS: ReadonlyMap<string, SpanKind> = new Map([
  ["flow", "workflow"],
  ["flowStep", "workflow"],
  ["util", "workflow"],
]);

function jsonAt(attributes: Attributes, key: string): Json | undefined {
  const value = attributes.get(key);
  return typeof value === "string" ? parseJson(value) : undefined;
}

/** Genkit's parts name themselves by a member: `{toolRequest: {name, ref, input}}`. */
function genkitMessages(value: Json): ReturnType<typeof requestMessages> {
  const list = memberOf(value, "messages") ?? [memberOf(value, "message") ?? candidateOf(value)["message"] ?? null];
  if (!isArray(list)) return undefined;
  const messages = list.flatMap((item) => {
    const content = memberOf(item, "content");
    if (!isObject(item) || !isArray(content)) return [];
    return messageOf({ ...item, content: content.map(plainPart) }) ?? [];
  });
  return messages.length > 0 ? messages : undefined;
}

/** Plug-ins answer with candidates, of which there is one. */
function candidateOf(answer: Json | undefined): JsonObject {
  const candidates = memberOf(answer, "candidates");
  const first = isArray(candidates) ? candidates[0] : undefined;
  return isObject(first) ? first : {};
}

function plainPart(part: Json): Json {
  const call = objectIn(part, "toolRequest");
  if (call)
    return { type: "tool_call", id: call["ref"] ?? null, name: call["name"] ?? "", arguments: call["input"] ?? null };
  const result = objectIn(part, "toolResponse");
  if (result) return { type: "tool_call_response", id: result["ref"] ?? null, response: result["output"] ?? null };
  const media = objectIn(part, "media");
  if (media) return { type: "image", url: media["url"] ?? null, mimeType: media["contentType"] ?? null };
  const reasoning = memberOf(part, "reasoning");
  return typeof reasoning === "string" ? { type: "reasoning", content: reasoning } : part;
}

/** Thoughts are apart from the output and cached tokens inside the input, as Gemini counts them. */
function usage(output: Json | undefined): readonly UsageLine[] | undefined {
  const told = objectIn(output, "usage");
  const line =
    told &&
    usageLine(
      {
        input: countIn(told, "inputTokens"),
        output: countIn(told, "outputTokens"),
        cacheRead: countIn(told, "cachedContentTokens"),
        reasoning: countIn(told, "thoughtsTokens"),
      },
      { reasoningApart: true },
    );
  return line && [line];
}

function sides(attributes: Attributes, kind: SpanKind | undefined): Pick<SpanFields, "input" | "output"> {
  if (kind === "llm" || attributes.get("genkit:name") === GENERATE)
    return {
      input: messagesContent(attributes.get(INPUT), "user", (value) => genkitMessages(value) ?? requestMessages(value)),
      output: messagesContent(
        attributes.get(OUTPUT),
        "assistant",
        (value) => genkitMessages(value) ?? responseMessages(value),
      ),
    };
  const isRetrieval = kind === "retrieval" || kind === "rerank";
  const output = attributes.get(OUTPUT);
  return {
    input: anyContent(attributes.get(INPUT)),
    output: isRetrieval ? documentsContent(output) : anyContent(output),
  };
}

function read(span: SpanRecord): SpanFields {
  const { attributes } = span;
  const kind = spanKind(attributes) ?? STEPS.get(textAt(attributes, "genkit:type") ?? "");
  const { input, output } = sides(attributes, kind);
  const answer = kind === "llm" ? jsonAt(attributes, OUTPUT) : undefined;
  const name = textAt(attributes, "genkit:name");
  const slash = name?.indexOf("/") ?? -1;
  const isModel = kind === "llm" || kind === "embedding";
  return {
    kind,
    ...(attributes.get("genkit:state") === "error" ? { status: "error" as const } : {}),
    // `googleai/gemini-2.5-flash`: the plug-in and the model.
    provider: isModel && slash > 0 ? providerName(name?.slice(0, slash)) : undefined,
    requestModel: isModel ? name?.slice(slash + 1) || undefined : undefined,
    responseModel: textIn(objectIn(answer, "custom"), "modelVersion"),
    responseId: textIn(objectIn(answer, "custom"), "responseId") ?? textIn(objectIn(answer, "custom"), "id"),
    usage: usage(answer),
    finishReason: finishReason(textIn(answer, "finishReason") ?? textIn(candidateOf(answer), "finishReason")),
    toolName: kind === "tool" ? name : undefined,
    input,
    output,
    consumed: kind === "llm" || name === GENERATE ? [] : [...used(input, INPUT), ...used(output, OUTPUT)],
  };
}

function used(content: Content | undefined, key: string): readonly string[] {
  return content && content.type !== "masked" ? [key] : [];
}

function claims({ attributes }: SpanRecord): 0 | 3 {
  return attributes.has("genkit:name") || attributes.has("genkit:type") ? 3 : 0;
}

/** Genkit's own spans: actions and flows with their input and output as JSON (conventions §7.7). */
export const genkit: Dialect = { name: "genkit", version: 2, claims, read };
