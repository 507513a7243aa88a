import type { AttributeMap } from "../attribute-value.ts";
import { field, listField, numberField, parseJson, recordOf, textField } from "../json/read-json.ts";
import { copyDouble, copyInteger, copyText } from "../reading/attributes.ts";
import { type ChatAnswer, chatAnswerOf, chatAnswerOfStream } from "../openai/chat-answer.ts";
import { failureOf } from "../reading/failure.ts";
import { partsMessage } from "../openai/message-parts.ts";
import { askedFormat, setValidity } from "../reading/structured-output.ts";
import { toolDefinitions } from "../openai/tool-definitions.ts";
import { setUsage } from "../openai/usage.ts";
import { outcomeOfStream } from "../reading/stream-outcome.ts";
import type { Call, Reading, Wire } from "../wire.ts";

/** OpenAI's chat completions, spoken by many providers and servers. */
export const openaiChat: Wire = {
  name: "openai-chat",
  claims: ({ path }) => path.endsWith("/chat/completions"),
  read(call, { captureContent }): Reading | undefined {
    const request = parseJson(call.requestBody);
    const messages = listField(request, "messages");
    if (recordOf(request) !== undefined && messages.length === 0 && call.status === 404) return undefined;
    const attributes: AttributeMap = new Map([["gen_ai.operation.name", "chat"]]);
    const model = textField(request, "model") ?? deploymentOf(call.request.path);
    if (model !== undefined) attributes.set("gen_ai.request.model", model);
    setRequest(attributes, request);
    if (captureContent) setInput(attributes, request, messages);
    const failure = failureOf(call);
    const streamed = isStream(call);
    const answer =
      failure === undefined ? (streamed ? chatAnswerOfStream : chatAnswerOf)(call.responseBody) : undefined;
    if (answer !== undefined) setAnswer(attributes, answer, { request, call, captureContent });
    return {
      name: model === undefined ? "chat" : `chat ${model}`,
      kind: "llm",
      attributes,
      failure: failure ?? answer?.failure,
      ...(streamed && answer !== undefined ? outcomeOfStream(call, answer) : {}),
    };
  },
};

/** Azure puts the model's deployment into the path. */
function deploymentOf(path: string): string | undefined {
  return /\/deployments\/([^/]+)\//.exec(path)?.[1];
}

function isStream(call: Call): boolean {
  return call.contentType.includes("text/event-stream") || call.responseBody.startsWith("data:");
}

function setRequest(attributes: AttributeMap, request: unknown): void {
  attributes.set("openai.api.type", "chat_completions");
  copyInteger(attributes, "gen_ai.request.max_tokens", request, "max_tokens");
  copyInteger(attributes, "gen_ai.request.max_tokens", request, "max_completion_tokens");
  copyInteger(attributes, "gen_ai.request.seed", request, "seed");
  copyDouble(attributes, "gen_ai.request.temperature", request, "temperature");
  copyDouble(attributes, "gen_ai.request.top_p", request, "top_p");
  copyDouble(attributes, "gen_ai.request.top_k", request, "top_k");
  copyDouble(attributes, "gen_ai.request.frequency_penalty", request, "frequency_penalty");
  copyDouble(attributes, "gen_ai.request.presence_penalty", request, "presence_penalty");
  copyText(attributes, "gen_ai.request.reasoning.level", request, "reasoning_effort");
  copyText(attributes, "openai.request.service_tier", request, "service_tier");
  const choices = numberField(request, "n");
  if (choices !== undefined && choices !== 1) attributes.set("gen_ai.request.choice.count", choices);
  const stop = field(request, "stop");
  const stops = (Array.isArray(stop) ? stop : [stop]).filter((text) => typeof text === "string");
  if (stops.length > 0) attributes.set("gen_ai.request.stop_sequences", stops);
  if (field(request, "stream") === true) attributes.set("gen_ai.request.stream", true);
  const format = textField(field(request, "response_format"), "type");
  if (format !== undefined) attributes.set("gen_ai.output.type", format === "text" ? "text" : "json");
}

function setInput(attributes: AttributeMap, request: unknown, messages: readonly unknown[]): void {
  if (messages.length > 0) {
    const parts = messages.map((message) => partsMessage(message));
    attributes.set("gen_ai.input.messages", JSON.stringify(parts));
  }
  const tools = listField(request, "tools");
  if (tools.length > 0) attributes.set("gen_ai.tool.definitions", JSON.stringify(toolDefinitions(tools)));
}

interface Context {
  readonly request: unknown;
  readonly call: Call;
  readonly captureContent: boolean;
}

function setAnswer(attributes: AttributeMap, answer: ChatAnswer, { request, call, captureContent }: Context): void {
  const { head, choices } = answer;
  copyText(attributes, "gen_ai.response.id", head, "id");
  copyText(attributes, "gen_ai.response.model", head, "model");
  copyText(attributes, "openai.response.service_tier", head, "service_tier");
  copyText(attributes, "openai.response.system_fingerprint", head, "system_fingerprint");
  setUsage(attributes, head["usage"]);
  const reasons = choices.map(({ finishReason }) => finishReason).filter((reason) => reason !== undefined);
  if (reasons.length > 0) attributes.set("gen_ai.response.finish_reasons", reasons);
  if (answer.firstContentAt !== undefined) {
    const milliseconds = call.millisecondsAt(answer.firstContentAt - 1);
    if (milliseconds !== undefined) {
      attributes.set("gen_ai.response.time_to_first_chunk", { double: milliseconds / 1000 });
    }
  }
  if (captureContent && choices.length > 0) {
    const messages = choices.map(({ message, finishReason }) => partsMessage(message, messageReason(finishReason)));
    attributes.set("gen_ai.output.messages", JSON.stringify(messages));
  }
  // What the program itself stopped reading is not the model's mistake.
  if (answer.finished) judgeOutput(attributes, request, answer);
}

function judgeOutput(attributes: AttributeMap, request: unknown, { choices }: ChatAnswer): void {
  const asked = askedFormat(field(request, "response_format"));
  const texts: string[] = [];
  const toolArguments: string[] = [];
  for (const { message } of choices) {
    const calls = listField(message, "tool_calls");
    for (const call of calls) toolArguments.push(textField(field(call, "function"), "arguments") ?? "");
    const refusal = textField(message, "refusal") ?? "";
    if (calls.length === 0 && refusal === "") texts.push(textField(message, "content") ?? "");
  }
  setValidity(attributes, asked, texts, toolArguments);
}

/** The conventions' spelling inside messages; `gen_ai.response.finish_reasons` keeps the provider's. */
function messageReason(reason: string | undefined): string | undefined {
  return reason === "tool_calls" || reason === "function_call" ? "tool_call" : reason;
}
