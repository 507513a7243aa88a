import type { AttributeMap } from "../attribute-value.ts";
import { field, listField, parseJson, recordOf, textField } from "../json/read-json.ts";
import { copyDouble, copyInteger, copyText } from "../reading/attributes.ts";
import { failureOf } from "../reading/failure.ts";
import { type ResponsesAnswer, responsesAnswerOf, responsesAnswerOfStream } from "../openai/responses-answer.ts";
import { inputMessages, outputMessage } from "../openai/responses-items.ts";
import { askedFormat, setValidity } from "../reading/structured-output.ts";
import { toolDefinitions } from "../openai/tool-definitions.ts";
import { setUsage } from "../openai/usage.ts";
import { outcomeOfStream } from "../reading/stream-outcome.ts";
import type { Call, Reading, Wire } from "../wire.ts";

/** OpenAI's responses. */
export const openaiResponses: Wire = {
  name: "openai-responses",
  claims: ({ path }) => path.endsWith("/responses"),
  read(call, { captureContent }): Reading | undefined {
    const request = parseJson(call.requestBody);
    // Many an API of somebody's own has a path that ends like this.
    if (recordOf(request) !== undefined && !isResponsesRequest(request)) return undefined;
    const attributes: AttributeMap = new Map([["gen_ai.operation.name", "chat"]]);
    const model = textField(request, "model");
    if (model !== undefined) attributes.set("gen_ai.request.model", model);
    setRequest(attributes, request);
    if (captureContent) setInput(attributes, request);
    const failure = failureOf(call);
    const streamed = call.contentType.includes("text/event-stream") || call.responseBody.startsWith("event:");
    const read = streamed ? responsesAnswerOfStream : responsesAnswerOf;
    const answer = failure === undefined ? read(call.responseBody) : undefined;
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

function isResponsesRequest(request: unknown): boolean {
  const input = field(request, "input");
  const started = field(request, "prompt") ?? field(request, "previous_response_id") ?? field(request, "conversation");
  return typeof input === "string" || Array.isArray(input) || started !== undefined;
}

function setRequest(attributes: AttributeMap, request: unknown): void {
  attributes.set("openai.api.type", "responses");
  copyInteger(attributes, "gen_ai.request.max_tokens", request, "max_output_tokens");
  copyDouble(attributes, "gen_ai.request.temperature", request, "temperature");
  copyDouble(attributes, "gen_ai.request.top_p", request, "top_p");
  copyText(attributes, "gen_ai.request.reasoning.level", field(request, "reasoning"), "effort");
  copyText(attributes, "gen_ai.request.previous_response.id", request, "previous_response_id");
  copyText(attributes, "openai.request.service_tier", request, "service_tier");
  copyText(attributes, "gen_ai.conversation.id", request, "conversation");
  copyText(attributes, "gen_ai.conversation.id", field(request, "conversation"), "id");
  if (field(request, "stream") === true) attributes.set("gen_ai.request.stream", true);
  const format = textField(field(field(request, "text"), "format"), "type");
  if (format !== undefined) attributes.set("gen_ai.output.type", format === "text" ? "text" : "json");
}

function setInput(attributes: AttributeMap, request: unknown): void {
  const messages = inputMessages(field(request, "input"));
  if (messages.length > 0) attributes.set("gen_ai.input.messages", JSON.stringify(messages));
  const instructions = textField(request, "instructions");
  if (instructions !== undefined) {
    attributes.set("gen_ai.system_instructions", JSON.stringify([{ type: "text", content: instructions }]));
  }
  const tools = listField(request, "tools");
  if (tools.length > 0) attributes.set("gen_ai.tool.definitions", JSON.stringify(toolDefinitions(tools)));
}

interface Context {
  readonly request: unknown;
  readonly call: Call;
  readonly captureContent: boolean;
}

function setAnswer(
  attributes: AttributeMap,
  answer: ResponsesAnswer,
  { request, call, captureContent }: Context,
): void {
  const { response, items } = answer;
  copyText(attributes, "gen_ai.response.id", response, "id");
  copyText(attributes, "gen_ai.response.model", response, "model");
  copyText(attributes, "gen_ai.response.status", response, "status");
  copyText(attributes, "openai.response.service_tier", response, "service_tier");
  setUsage(attributes, field(response, "usage"));
  const reason = finishReasonOf(answer);
  if (reason !== undefined) attributes.set("gen_ai.response.finish_reasons", [reason]);
  if (answer.firstContentAt !== undefined) {
    const milliseconds = call.millisecondsAt(answer.firstContentAt - 1);
    if (milliseconds !== undefined) {
      attributes.set("gen_ai.response.time_to_first_chunk", { double: milliseconds / 1000 });
    }
  }
  if (captureContent && items.length > 0) {
    attributes.set("gen_ai.output.messages", JSON.stringify([outputMessage(items, reason)]));
  }
  if (answer.finished && answer.failure === undefined) {
    judgeOutput(attributes, request, items);
  }
}

function judgeOutput(attributes: AttributeMap, request: unknown, items: readonly unknown[]): void {
  const texts: string[] = [];
  const toolArguments: string[] = [];
  for (const item of items) {
    if (textField(item, "type") === "function_call") toolArguments.push(textField(item, "arguments") ?? "");
    const texts_ = listField(item, "content").filter((part) => textField(part, "type") === "output_text");
    if (texts_.length > 0) texts.push(texts_.map((part) => textField(part, "text") ?? "").join(""));
  }
  setValidity(attributes, askedFormat(field(field(request, "text"), "format")), texts, toolArguments);
}

function finishReasonOf({ response, items }: ResponsesAnswer): string | undefined {
  const status = textField(response, "status");
  if (status === "completed") {
    return items.some((item) => textField(item, "type") === "function_call") ? "tool_call" : "stop";
  }
  if (status === "failed") return "error";
  if (status !== "incomplete") return undefined;
  const reason = textField(field(response, "incomplete_details"), "reason");
  return reason === "max_output_tokens" ? "length" : (reason ?? "length");
}
