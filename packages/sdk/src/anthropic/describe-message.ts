import type { AttributeMap } from "../attribute-value.ts";
import { field, listField, numberField, recordOf, textField } from "../json/read-json.ts";
import { copyDouble, copyInteger, copyText, setStops } from "../reading/attributes.ts";
import { askedFormat, setValidity } from "../reading/structured-output.ts";
import { anthropicMessage, blockParts } from "./content-blocks.ts";
import type { AnthropicAnswer } from "./message-stream.ts";
import { setAnthropicUsage } from "./usage.ts";

/** What was asked in Anthropic's messages API, wherever it is served. */
export function setAnthropicRequest(attributes: AttributeMap, request: unknown, captureContent: boolean): void {
  copyInteger(attributes, "gen_ai.request.max_tokens", request, "max_tokens");
  copyDouble(attributes, "gen_ai.request.temperature", request, "temperature");
  copyDouble(attributes, "gen_ai.request.top_p", request, "top_p");
  copyDouble(attributes, "gen_ai.request.top_k", request, "top_k");
  copyText(attributes, "gen_ai.request.reasoning.level", field(request, "output_config"), "effort");
  copyText(attributes, "anthropic.request.service_tier", request, "service_tier");
  const thinking = field(request, "thinking");
  copyText(attributes, "anthropic.thinking.type", thinking, "type");
  copyInteger(attributes, "anthropic.thinking.budget_tokens", thinking, "budget_tokens");
  setStops(attributes, listField(request, "stop_sequences"));
  if (field(request, "stream") === true) attributes.set("gen_ai.request.stream", true);
  if (formatOf(request) !== undefined) attributes.set("gen_ai.output.type", "json");
  if (captureContent) setInput(attributes, request);
}

function formatOf(request: unknown): unknown {
  const format = field(field(request, "output_config"), "format") ?? field(request, "output_format");
  return recordOf(format);
}

function setInput(attributes: AttributeMap, request: unknown): void {
  const system = blockParts(field(request, "system"));
  if (system.length > 0) attributes.set("gen_ai.system_instructions", JSON.stringify(system));
  const messages = listField(request, "messages");
  if (messages.length > 0) attributes.set("gen_ai.input.messages", JSON.stringify(messages.map(anthropicMessage)));
  const tools = listField(request, "tools");
  if (tools.length > 0) attributes.set("gen_ai.tool.definitions", JSON.stringify(tools.map(toolDefinition)));
}

function toolDefinition(tool: unknown): unknown {
  const type = textField(tool, "type") ?? "custom";
  if (type !== "custom") return { ...recordOf(tool), type, name: textField(tool, "name") ?? type };
  const description = textField(tool, "description");
  const parameters = field(tool, "input_schema");
  return {
    type: "function",
    name: textField(tool, "name") ?? "",
    ...(description === undefined ? {} : { description }),
    ...(parameters === undefined ? {} : { parameters }),
  };
}

/** What else of a call is needed to describe its answer. */
export interface AnswerContext {
  readonly request: unknown;
  /** Seconds until this place in the answer had come. */
  readonly secondsAt: (place: number) => number | undefined;
  /** As asked for; an answer names its own. */
  readonly model: string | undefined;
  readonly captureContent: boolean;
}

/** What was answered. */
export function setAnthropicAnswer(attributes: AttributeMap, answer: AnthropicAnswer, context: AnswerContext): void {
  const { message } = answer;
  copyText(attributes, "gen_ai.response.id", message, "id");
  copyText(attributes, "gen_ai.response.model", message, "model");
  setAnthropicUsage(attributes, field(message, "usage"), textField(message, "model") ?? context.model);
  const reason = textField(message, "stop_reason");
  if (reason !== undefined) attributes.set("gen_ai.response.finish_reasons", [reason]);
  copyText(attributes, "anthropic.response.refusal.category", field(message, "stop_details"), "category");
  const seconds = answer.firstContentAt === undefined ? undefined : context.secondsAt(answer.firstContentAt);
  if (seconds !== undefined) attributes.set("gen_ai.response.time_to_first_chunk", { double: seconds });
  const content = listField(message, "content");
  if (context.captureContent && (content.length > 0 || reason !== undefined)) {
    const told = reason === undefined ? {} : { finish_reason: MESSAGE_REASONS.get(reason) ?? reason };
    const output = [{ role: textField(message, "role") ?? "assistant", parts: blockParts(content), ...told }];
    attributes.set("gen_ai.output.messages", JSON.stringify(output));
  }
  // What the program stopped reading or the model would not say is no broken answer.
  if (answer.finished && reason !== "refusal") judgeOutput(attributes, context.request, content);
}

/** True when the model, or the provider's filter, would not answer. */
export function isRefusal({ message }: AnthropicAnswer): boolean {
  return textField(message, "stop_reason") === "refusal";
}

/** Stop reasons as messages name them in the conventions; `finish_reasons` keeps the provider's. */
const MESSAGE_REASONS: ReadonlyMap<string, string> = new Map([
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["tool_use", "tool_call"],
  ["refusal", "content_filter"],
]);

function judgeOutput(attributes: AttributeMap, request: unknown, content: readonly unknown[]): void {
  const calls = content.filter((block) => textField(block, "type") === "tool_use");
  // Arguments that came in pieces and are no JSON were kept as text.
  const broken = calls.map((block) => textField(block, "input") ?? "");
  const texts = content.filter((block) => textField(block, "type") === "text").map((block) => textField(block, "text"));
  const asked = askedFormat(formatOf(request));
  setValidity(attributes, asked, calls.length > 0 ? [] : [texts.join("")], broken);
}

/** An answer that came in one piece; undefined when it is none. */
export function wholeAnswer(value: unknown): AnthropicAnswer | undefined {
  const message = recordOf(value);
  if (
    message === undefined ||
    (!Array.isArray(message["content"]) && numberField(field(message, "usage"), "input_tokens") === undefined)
  )
    return undefined;
  return { message, finished: true };
}
