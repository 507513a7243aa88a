import type { AttributeMap } from "../attribute-value.ts";
import { field, listField, recordOf, textField } from "../json/read-json.ts";
import { partsMessage } from "../openai/message-parts.ts";
import { copyDouble, copyInteger, setStops } from "../reading/attributes.ts";
import type { Failure } from "../reading/failure.ts";
import type { Part, PartsMessage } from "../reading/message.ts";
import { countField } from "../reading/token-counts.ts";
import { leftOutMedia } from "../span/media.ts";
import { type BedrockEvent, invocationMetrics } from "./bedrock-call.ts";

// The makers' own bodies: Amazon Titan (inputText), Meta Llama, Mistral and Cohere (prompt; message and
// chat_history; messages), Anthropic's old completions. Their names differ and none means two things.
const MOST_TOKENS = ["max_completion_tokens", "max_tokens_to_sample", "max_gen_len", "maxTokenCount", "max_tokens"];
const TOP_P = ["p", "topP", "top_p"];
const TOP_K = ["k", "topK", "top_k"];
const STOPS = ["stop", "stopSequences", "stop_sequences"];
const TEXTS = ["outputText", "generation", "completion", "text"];
const REASONS = ["completionReason", "stop_reason", "finish_reason"];

/** Whether the model continues a text, and is not in a conversation. */
export function isCompletion(request: unknown): boolean {
  return textField(request, "prompt") !== undefined || textField(request, "inputText") !== undefined;
}

/** What was asked. */
export function setTextRequest(attributes: AttributeMap, request: unknown, captureContent: boolean): void {
  const config = field(request, "textGenerationConfig") ?? request;
  for (const name of MOST_TOKENS) copyInteger(attributes, "gen_ai.request.max_tokens", config, name);
  copyDouble(attributes, "gen_ai.request.temperature", config, "temperature");
  for (const name of TOP_P) copyDouble(attributes, "gen_ai.request.top_p", config, name);
  for (const name of TOP_K) copyDouble(attributes, "gen_ai.request.top_k", config, name);
  setStops(
    attributes,
    STOPS.flatMap((name) => listField(config, name)),
  );
  const messages = captureContent ? inputMessages(request) : [];
  if (messages.length > 0) attributes.set("gen_ai.input.messages", JSON.stringify(messages));
}

function inputMessages(request: unknown): readonly PartsMessage[] {
  const said = (role: string, content: string): PartsMessage => ({ role, parts: [{ type: "text", content }] });
  const preamble = textField(request, "preamble");
  const history = listField(request, "chat_history").map((turn) =>
    said(textField(turn, "role") === "CHATBOT" ? "assistant" : "user", textField(turn, "message") ?? ""),
  );
  const last = ["inputText", "prompt", "message"]
    .map((name) => textField(request, name))
    .find((text) => text !== undefined);
  return [
    ...(preamble === undefined ? [] : [said("system", preamble)]),
    ...history,
    ...listField(request, "messages").map((message) => partsMessage(message)),
    ...(last === undefined ? [] : [said("user", last)]),
  ];
}

/** An answer, whole or as far as it came. */
export interface TextAnswer {
  readonly parts: readonly Part[];
  readonly finishReason: string | undefined;
  readonly id: string | undefined;
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  readonly failure: Failure | undefined;
  readonly firstContentAt: number | undefined;
  readonly finished: boolean;
}

/** Puts an answer together from its pieces, of which a whole answer is one. */
export function textAnswer(pieces: Iterable<BedrockEvent>): TextAnswer {
  const told = { text: "", input: undefined as number | undefined, output: undefined as number | undefined };
  let parts: readonly Part[] = [];
  let finishReason: string | undefined;
  let id: string | undefined;
  let failure: Failure | undefined;
  let firstContentAt: number | undefined;
  // Bedrock's own count comes last and has to do where the model told none.
  let metrics: unknown;
  for (const { value, end, failure: each } of pieces) {
    failure ??= each;
    const choice = choiceIn(value);
    const text = textOf(choice);
    if (text !== "") firstContentAt ??= end;
    told.text += text;
    parts = parts.length > 0 ? parts : mediaOf(value);
    if (recordOf(field(choice, "message")) !== undefined) parts = partsMessage(field(choice, "message")).parts;
    finishReason = reasonOf(choice) ?? reasonOf(value) ?? finishReason;
    id = textField(value, "generation_id") ?? textField(value, "id") ?? id;
    told.input = inputTokens(value) ?? told.input;
    told.output = outputTokens(value, choice) ?? told.output;
    metrics = invocationMetrics(value) ?? metrics;
  }
  return {
    parts: parts.length > 0 || told.text === "" ? parts : [{ type: "text", content: told.text }],
    finishReason,
    id,
    inputTokens: told.input ?? countField(metrics, "inputTokenCount"),
    outputTokens: told.output ?? countField(metrics, "outputTokenCount"),
    failure,
    firstContentAt,
    finished: finishReason !== undefined,
  };
}

/** The first answer of those asked for; some have none but themselves. */
function choiceIn(value: unknown): unknown {
  for (const name of ["results", "outputs", "generations", "choices"]) {
    const [first] = listField(value, name);
    if (first !== undefined) return first;
  }
  return value;
}

function textOf(choice: unknown): string {
  for (const name of TEXTS) {
    const text = textField(choice, name);
    if (text !== undefined) return text;
  }
  return textField(field(choice, "delta") ?? field(choice, "message"), "content") ?? "";
}

function mediaOf(value: unknown): Part[] {
  const images = listField(value, "images").filter((image) => typeof image === "string");
  return images.map((base64) => leftOutMedia(undefined, { base64 }, "image"));
}

function reasonOf(value: unknown): string | undefined {
  return REASONS.map((name) => textField(value, name)).find((reason) => reason !== undefined && reason !== "");
}

function inputTokens(value: unknown): number | undefined {
  return (
    countField(value, "inputTextTokenCount") ??
    countField(value, "prompt_token_count") ??
    countField(field(value, "usage"), "prompt_tokens")
  );
}

function outputTokens(value: unknown, choice: unknown): number | undefined {
  return (
    countField(choice, "tokenCount") ??
    countField(value, "totalOutputTextTokenCount") ??
    countField(value, "generation_token_count") ??
    countField(field(value, "usage"), "completion_tokens")
  );
}

/** Finish reasons as messages name them in the conventions. */
export function messageReason(reason: string): string {
  const told = reason.toLowerCase();
  return REASONS_TOLD.get(told) ?? told;
}

const REASONS_TOLD: ReadonlyMap<string, string> = new Map([
  ["finish", "stop"],
  ["finished", "stop"],
  ["complete", "stop"],
  ["stop_criteria_met", "stop"],
  ["end_turn", "stop"],
  ["max_tokens", "length"],
  ["tool_calls", "tool_call"],
  ["content_filtered", "content_filter"],
  ["rag_query_when_rag_disabled", "error"],
]);
