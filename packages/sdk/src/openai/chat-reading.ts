import type { AttributeMap } from "../attribute-value.ts";
import { field, listField, numberField, recordOf, textField } from "../json/read-json.ts";
import { copyDouble, copyInteger, copyText, setStops } from "../reading/attributes.ts";
import { failureOf, isFiltered } from "../reading/failure.ts";
import { outcomeOfStream } from "../reading/stream-outcome.ts";
import { type AskedArguments, askedFormat, setValidity } from "../reading/structured-output.ts";
import { setTimeToFirstChunk } from "../reading/time-to-first-chunk.ts";
import type { Call, Reading } from "../wire.ts";
import { type ChatAnswer, type Choice, chatAnswerOf, chatAnswerOfStream } from "./chat-answer.ts";
import { partsMessage } from "./message-parts.ts";
import { setProvider } from "./provider-shape.ts";
import { askedArguments, toolDefinitions } from "./tool-definitions.ts";
import { setUsage } from "./usage.ts";

/** What is known of a call beside its answer. */
export interface ChatCall {
  readonly call: Call;
  /** The request's body. */
  readonly request: unknown;
  readonly captureContent: boolean;
  /** `chat` or `text_completion`. */
  readonly operation: string;
}

/** Reads a call whose answer has `choices`; `setInput` writes what went in, when it is wanted. */
export function readChat(asked: ChatCall, setInput: (attributes: AttributeMap) => void): Reading {
  const { call, request, operation } = asked;
  const attributes: AttributeMap = new Map([["gen_ai.operation.name", operation]]);
  const model = textField(request, "model") ?? deploymentOf(call.request.path);
  if (model !== undefined) attributes.set("gen_ai.request.model", model);
  setRequest(attributes, request);
  if (asked.captureContent) setInput(attributes);
  const failure = failureOf(call);
  const streamed = isStream(call);
  const answer = failure === undefined ? (streamed ? chatAnswerOfStream : chatAnswerOf)(call.responseBody) : undefined;
  if (answer !== undefined) setAnswer(attributes, answer, asked);
  setProvider(attributes, call, answer?.head);
  return {
    name: model === undefined ? operation : `${operation} ${model}`,
    kind: "llm",
    attributes,
    failure: failure ?? answer?.failure,
    ...(streamed && answer !== undefined ? outcomeOfStream(call, answer) : {}),
    ...(isFiltered(failure ?? answer?.failure) || (answer !== undefined && isRefusal(answer))
      ? { outcome: "refused" as const }
      : {}),
  };
}

/** The model would not, or a filter took the answer away. */
function isRefusal({ finished, choices }: ChatAnswer): boolean {
  const refuses = ({ message, finishReason }: Choice): boolean =>
    finishReason === "content_filter" || (textField(message, "refusal") ?? "") !== "";
  return finished && choices.some(refuses);
}

/** Azure puts the model's deployment into the path. */
export function deploymentOf(path: string): string | undefined {
  return /\/deployments\/([^/]+)\//.exec(path)?.[1];
}

/** Whether an answer is a text/event-stream, also where the server does not say so. */
export function isStream(call: Call): boolean {
  return call.contentType.includes("text/event-stream") || call.responseBody.startsWith("data:");
}

function setRequest(attributes: AttributeMap, request: unknown): void {
  copyInteger(attributes, "gen_ai.request.max_tokens", request, "max_tokens");
  copyInteger(attributes, "gen_ai.request.max_tokens", request, "max_completion_tokens");
  copyInteger(attributes, "gen_ai.request.seed", request, "random_seed");
  copyInteger(attributes, "gen_ai.request.seed", request, "seed");
  copyDouble(attributes, "gen_ai.request.temperature", request, "temperature");
  copyDouble(attributes, "gen_ai.request.top_p", request, "top_p");
  copyDouble(attributes, "gen_ai.request.top_k", request, "top_k");
  copyDouble(attributes, "gen_ai.request.frequency_penalty", request, "frequency_penalty");
  copyDouble(attributes, "gen_ai.request.presence_penalty", request, "presence_penalty");
  copyText(attributes, "gen_ai.request.reasoning.level", field(request, "reasoning"), "effort");
  copyText(attributes, "gen_ai.request.reasoning.level", request, "reasoning_effort");
  copyText(attributes, "openai.request.service_tier", request, "service_tier");
  const choices = numberField(request, "n");
  if (choices !== undefined && choices !== 1) attributes.set("gen_ai.request.choice.count", choices);
  const stop = field(request, "stop");
  setStops(attributes, Array.isArray(stop) ? stop : [stop]);
  if (field(request, "stream") === true) attributes.set("gen_ai.request.stream", true);
  const format = textField(field(request, "response_format"), "type");
  if (format !== undefined) attributes.set("gen_ai.output.type", format === "text" ? "text" : "json");
}

/** Writes the messages and the tools of a chat request. */
export function setChatInput(attributes: AttributeMap, request: unknown): void {
  const messages = listField(request, "messages").map((message) => partsMessage(message));
  if (messages.length > 0) attributes.set("gen_ai.input.messages", JSON.stringify(messages));
  const tools = listField(request, "tools");
  if (tools.length > 0) attributes.set("gen_ai.tool.definitions", JSON.stringify(toolDefinitions(tools)));
}

function setAnswer(attributes: AttributeMap, answer: ChatAnswer, { request, call, captureContent }: ChatCall): void {
  const { head, choices } = answer;
  copyText(attributes, "gen_ai.response.id", head, "id");
  copyText(attributes, "gen_ai.response.model", head, "model");
  // Mistral tells the tier with the usage.
  copyText(attributes, "openai.response.service_tier", field(head, "usage"), "service_tier");
  copyText(attributes, "openai.response.service_tier", head, "service_tier");
  copyText(attributes, "openai.response.system_fingerprint", head, "system_fingerprint");
  setUsage(attributes, field(head, "usage"));
  const reasons = choices.map(({ finishReason }) => finishReason).filter((reason) => reason !== undefined);
  if (reasons.length > 0) attributes.set("gen_ai.response.finish_reasons", reasons);
  setTimeToFirstChunk(attributes, call, answer.firstContentAt);
  if (captureContent && choices.length > 0) {
    const messages = choices.map(({ message, finishReason }) => partsMessage(message, messageReason(finishReason)));
    attributes.set("gen_ai.output.messages", JSON.stringify(messages));
  }
  // What the program itself stopped reading is not the model's mistake.
  if (answer.finished && answer.failure === undefined) judgeOutput(attributes, request, answer);
}

function judgeOutput(attributes: AttributeMap, request: unknown, { choices }: ChatAnswer): void {
  const asked = askedFormat(field(request, "response_format"));
  if (asked === undefined && !choices.some(({ message }) => field(message, "tool_calls") !== undefined)) return;
  const texts: string[] = [];
  const toolArguments: AskedArguments[] = [];
  for (const { message } of choices) {
    const calls = listField(message, "tool_calls");
    for (const call of calls) {
      const called = field(call, "function");
      if (recordOf(called) !== undefined) toolArguments.push(askedArguments(request, called));
    }
    const refusal = textField(message, "refusal") ?? "";
    if (calls.length === 0 && refusal === "") texts.push(answerText(message));
  }
  setValidity(attributes, asked, texts, toolArguments);
}

function answerText(message: unknown): string {
  const text = textField(message, "content");
  if (text !== undefined) return text;
  const parts = listField(message, "content");
  return parts.map((part) => textField(part, "text") ?? "").join("");
}

/** The conventions' spelling inside messages; `gen_ai.response.finish_reasons` keeps the provider's. */
function messageReason(reason: string | undefined): string | undefined {
  return reason === "tool_calls" || reason === "function_call" ? "tool_call" : reason;
}
