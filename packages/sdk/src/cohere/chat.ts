import type { AttributeMap } from "../attribute-value.ts";
import { field, listField, recordOf, textField } from "../json/read-json.ts";
import { contentParts, partsMessage, toolCall } from "../openai/message-parts.ts";
import { toolDefinitions } from "../openai/tool-definitions.ts";
import { copyDouble, copyInteger, copyText, setStops } from "../reading/attributes.ts";
import { failureOf } from "../reading/failure.ts";
import type { Part, PartsMessage } from "../reading/message.ts";
import { outcomeOfStream } from "../reading/stream-outcome.ts";
import { askedFormat, setValidity } from "../reading/structured-output.ts";
import { setTimeToFirstChunk } from "../reading/time-to-first-chunk.ts";
import { withoutMedia } from "../span/media.ts";
import type { Call, Reading } from "../wire.ts";
import { type CohereAnswer, cohereAnswerOf, cohereAnswerOfStream, isCohereAnswer } from "./answer.ts";
import { setCohereUsage } from "./usage.ts";

/** Reads a chat of version 2 (`messages`) or 1 (`message` and `chat_history`). */
export function readCohereChat(call: Call, request: unknown, captureContent: boolean): Reading | undefined {
  if (recordOf(request) !== undefined && !isAsked(request)) return undefined;
  const failure = failureOf(call);
  const read = failure === undefined && call.responseBody !== "";
  if (read && !isCohereAnswer(call.responseBody)) return undefined;
  const attributes: AttributeMap = new Map([["gen_ai.operation.name", "chat"]]);
  const model = textField(request, "model");
  if (model !== undefined) attributes.set("gen_ai.request.model", model);
  setRequest(attributes, request);
  if (captureContent) setInput(attributes, request);
  const streamed = field(request, "stream") === true || /event-stream|stream\+json/.test(call.contentType);
  const answer = read ? (streamed ? cohereAnswerOfStream : cohereAnswerOf)(call.responseBody) : undefined;
  if (answer !== undefined) setAnswer(attributes, answer, { call, request, captureContent });
  return {
    name: model === undefined ? "chat" : `chat ${model}`,
    kind: "llm",
    attributes,
    failure: failure ?? answer?.failure,
    ...(streamed && answer !== undefined ? outcomeOfStream(call, answer) : {}),
  };
}

function isAsked(request: unknown): boolean {
  return textField(request, "message") !== undefined || Array.isArray(field(request, "messages"));
}

function setRequest(attributes: AttributeMap, request: unknown): void {
  copyInteger(attributes, "gen_ai.request.max_tokens", request, "max_tokens");
  copyInteger(attributes, "gen_ai.request.seed", request, "seed");
  copyDouble(attributes, "gen_ai.request.temperature", request, "temperature");
  copyDouble(attributes, "gen_ai.request.top_p", request, "p");
  copyDouble(attributes, "gen_ai.request.top_k", request, "k");
  copyDouble(attributes, "gen_ai.request.frequency_penalty", request, "frequency_penalty");
  copyDouble(attributes, "gen_ai.request.presence_penalty", request, "presence_penalty");
  copyText(attributes, "gen_ai.conversation.id", request, "conversation_id");
  setStops(attributes, listField(request, "stop_sequences"));
  if (field(request, "stream") === true) attributes.set("gen_ai.request.stream", true);
  const format = textField(field(request, "response_format"), "type");
  if (format !== undefined) attributes.set("gen_ai.output.type", format === "text" ? "text" : "json");
}

function setInput(attributes: AttributeMap, request: unknown): void {
  const preamble = textField(request, "preamble");
  if (preamble !== undefined) {
    attributes.set("gen_ai.system_instructions", JSON.stringify([{ type: "text", content: preamble }]));
  }
  const messages = [...documentMessages(request), ...inputMessages(request)];
  if (messages.length > 0) attributes.set("gen_ai.input.messages", JSON.stringify(messages));
  const tools = listField(request, "tools").map((tool) => withParameters(tool));
  if (tools.length > 0) attributes.set("gen_ai.tool.definitions", JSON.stringify(toolDefinitions(tools)));
}

/** Version 1 describes parameters one by one. */
function withParameters(tool: unknown): unknown {
  const parameters = field(tool, "parameter_definitions");
  return parameters === undefined ? tool : { ...recordOf(tool), parameters };
}

function inputMessages(request: unknown): PartsMessage[] {
  const message = textField(request, "message");
  if (message === undefined) return listField(request, "messages").map((each) => cohereMessage(each));
  const results = listField(request, "tool_results");
  const asked = { role: "user", parts: contentParts(message) };
  return [
    ...listField(request, "chat_history").map((turn) => earlierMessage(turn)),
    ...(message === "" ? [] : [asked]),
    ...(results.length === 0 ? [] : [{ role: "tool", parts: results.map(resultPart) }]),
  ];
}

function cohereMessage(message: unknown): PartsMessage {
  const plan = textField(message, "tool_plan") ?? "";
  const told = partsMessage(message);
  return plan === "" ? told : { ...told, parts: [{ type: "reasoning", content: plan }, ...told.parts] };
}

const ROLES: ReadonlyMap<string, string> = new Map([
  ["CHATBOT", "assistant"],
  ["SYSTEM", "system"],
  ["TOOL", "tool"],
]);

function earlierMessage(turn: unknown): PartsMessage {
  const role = ROLES.get(textField(turn, "role") ?? "") ?? "user";
  const calls = listField(turn, "tool_calls").map((call) => firstVersionCall(call));
  const results = listField(turn, "tool_results").map(resultPart);
  return { role, parts: [...contentParts(field(turn, "message")), ...calls, ...results] };
}

function firstVersionCall(call: unknown): Part {
  return toolCall({ name: textField(call, "name"), arguments: field(call, "parameters") }, undefined);
}

function resultPart(result: unknown): Part {
  const name = textField(field(result, "call"), "name");
  const response = withoutMedia(field(result, "outputs") ?? null);
  return { type: "tool_call_response", ...(name === undefined ? {} : { name }), response };
}

/** What the answer is to be grounded in. */
function documentMessages(request: unknown): PartsMessage[] {
  const parts = listField(request, "documents").map((document): Part => {
    if (typeof document === "string") return { type: "text", content: document };
    return { ...recordOf(withoutMedia(document)), type: "document" };
  });
  return parts.length === 0 ? [] : [{ role: "user", name: "documents", parts }];
}

/** How the conventions spell Cohere's finish reasons. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ["COMPLETE", "stop"],
  ["STOP_SEQUENCE", "stop"],
  ["MAX_TOKENS", "length"],
  ["TOOL_CALL", "tool_call"],
  ["ERROR_TOXIC", "content_filter"],
]);

interface Context {
  readonly call: Call;
  readonly request: unknown;
  readonly captureContent: boolean;
}

function setAnswer(attributes: AttributeMap, answer: CohereAnswer, { call, request, captureContent }: Context): void {
  const { id, finishReason, text, calls } = answer;
  if (id !== undefined) attributes.set("gen_ai.response.id", id);
  setCohereUsage(attributes, answer.usage);
  if (finishReason !== undefined) attributes.set("gen_ai.response.finish_reasons", [finishReason]);
  setTimeToFirstChunk(attributes, call, answer.firstContentAt);
  if (captureContent) {
    const message = outputMessage(answer);
    if (message.parts.length > 0) attributes.set("gen_ai.output.messages", JSON.stringify([message]));
  }
  if (!answer.finished || answer.failure !== undefined) return;
  const strict = field(request, "strict_tools") === true;
  const tools = listField(request, "tools").map((tool) => field(tool, "function"));
  const given = calls.map((each) => ({
    text: each.arguments,
    schema: strict
      ? field(
          tools.find((tool) => textField(tool, "name") === each.name),
          "parameters",
        )
      : undefined,
  }));
  setValidity(attributes, askedFormat(field(request, "response_format")), calls.length > 0 ? [] : [text], given);
}

function outputMessage({ text, thinking, plan, calls, finishReason }: CohereAnswer): PartsMessage {
  const parts: Part[] = [];
  for (const content of [thinking, plan]) if (content !== "") parts.push({ type: "reasoning", content });
  if (text !== "") parts.push({ type: "text", content: text });
  for (const call of calls) parts.push(toolCall(call, call.id));
  const reason = finishReason === undefined ? undefined : (REASONS.get(finishReason) ?? finishReason.toLowerCase());
  return { role: "assistant", parts, ...(reason === undefined ? {} : { finish_reason: reason }) };
}
