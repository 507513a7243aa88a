import type { AttributeMap } from "../attribute-value.ts";
import { field, listField, parseJson, recordOf, textField } from "../json/read-json.ts";
import { copyDouble, copyInteger, copyText, setStops } from "../reading/attributes.ts";
import { setValidity } from "../reading/structured-output.ts";
import { countField, setTokenCounts, sumOf } from "../reading/token-counts.ts";
import { blockParts, converseMessage } from "./content-blocks.ts";
import type { ConverseAnswer } from "./converse-answer.ts";

/** What was asked of Converse, or of one of Amazon's own models. */
export function setConverseRequest(attributes: AttributeMap, request: unknown, captureContent: boolean): void {
  const config = field(request, "inferenceConfig");
  copyInteger(attributes, "gen_ai.request.max_tokens", config, "max_new_tokens");
  copyInteger(attributes, "gen_ai.request.max_tokens", config, "maxTokens");
  copyDouble(attributes, "gen_ai.request.temperature", config, "temperature");
  copyDouble(attributes, "gen_ai.request.top_p", config, "topP");
  copyDouble(attributes, "gen_ai.request.top_k", config, "topK");
  copyDouble(attributes, "gen_ai.request.top_k", field(request, "additionalModelRequestFields"), "top_k");
  copyText(attributes, "gen_ai.request.reasoning.level", field(request, "outputConfig"), "effort");
  copyText(attributes, "aws.bedrock.guardrail.id", field(request, "guardrailConfig"), "guardrailIdentifier");
  setStops(attributes, listField(config, "stopSequences"));
  if (formatOf(request) !== undefined) attributes.set("gen_ai.output.type", "json");
  if (captureContent) setInput(attributes, request);
}

function setInput(attributes: AttributeMap, request: unknown): void {
  const system = blockParts(listField(request, "system"));
  if (system.length > 0) attributes.set("gen_ai.system_instructions", JSON.stringify(system));
  const messages = listField(request, "messages");
  if (messages.length > 0) attributes.set("gen_ai.input.messages", JSON.stringify(messages.map(converseMessage)));
  const tools = listField(field(request, "toolConfig"), "tools").filter(
    (tool) => field(tool, "cachePoint") === undefined,
  );
  if (tools.length > 0) attributes.set("gen_ai.tool.definitions", JSON.stringify(tools.map(toolDefinition)));
}

function toolDefinition(tool: unknown): unknown {
  const declared = field(tool, "toolSpec");
  if (recordOf(declared) === undefined) {
    const system = field(tool, "systemTool");
    return { ...recordOf(system), type: "system_tool", name: textField(system, "name") ?? "" };
  }
  const description = textField(declared, "description");
  const parameters = field(field(declared, "inputSchema"), "json");
  return {
    type: "function",
    name: textField(declared, "name") ?? "",
    ...(description === undefined ? {} : { description }),
    ...(parameters === undefined ? {} : { parameters }),
  };
}

/** What was answered. */
export function setConverseAnswer(
  attributes: AttributeMap,
  answer: ConverseAnswer,
  { request, captureContent }: { readonly request: unknown; readonly captureContent: boolean },
): void {
  const { message, stopReason, serviceTier } = answer;
  setConverseUsage(attributes, answer.usage);
  if (stopReason !== undefined) attributes.set("gen_ai.response.finish_reasons", [stopReason]);
  if (serviceTier !== undefined) attributes.set("gen_ai.response.service_tier", serviceTier);
  const content = listField(message, "content");
  if (captureContent && (content.length > 0 || stopReason !== undefined)) {
    const told = stopReason === undefined ? {} : { finish_reason: MESSAGE_REASONS.get(stopReason) ?? stopReason };
    const output = { role: textField(message, "role") ?? "assistant", parts: blockParts(content), ...told };
    attributes.set("gen_ai.output.messages", JSON.stringify([output]));
  }
  if (answer.finished && !isRefusal(answer)) judgeOutput(attributes, request, content);
}

/** Bedrock counts cached tokens apart from `inputTokens`; the conventions count them in. */
export function setConverseUsage(attributes: AttributeMap, usage: unknown): void {
  const cacheRead = countField(usage, "cacheReadInputTokens") ?? countField(usage, "cacheReadInputTokenCount");
  const cacheWrite = countField(usage, "cacheWriteInputTokens") ?? countField(usage, "cacheWriteInputTokenCount");
  const hour = listField(usage, "cacheDetails").filter((detail) => textField(detail, "ttl") === "1h");
  const fresh = countField(usage, "inputTokens");
  setTokenCounts(attributes, {
    input: fresh === undefined ? undefined : sumOf(fresh, cacheRead, cacheWrite),
    output: countField(usage, "outputTokens"),
    cacheRead,
    cacheWrite,
    cacheWriteHour: sumOf(...hour.map((detail) => countField(detail, "inputTokens"))),
  });
}

/** True when a guardrail or the model's own filter stopped the answer. */
export function isRefusal({ stopReason }: ConverseAnswer): boolean {
  return stopReason !== undefined && MESSAGE_REASONS.get(stopReason) === "content_filter";
}

/** Stop reasons as messages name them in the conventions; `finish_reasons` keeps the provider's. */
const MESSAGE_REASONS: ReadonlyMap<string, string> = new Map([
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["tool_use", "tool_call"],
  ["guardrail_intervened", "content_filter"],
  ["content_filtered", "content_filter"],
  ["refusal", "content_filter"],
  ["malformed_model_output", "error"],
  ["malformed_tool_use", "error"],
]);

/** The schema of an answer is JSON in a text. */
function formatOf(request: unknown): { readonly schema: unknown } | undefined {
  const format = field(field(request, "outputConfig"), "textFormat");
  if (textField(format, "type") !== "json_schema") return undefined;
  const declared = field(field(format, "structure"), "jsonSchema");
  return { schema: parseJson(textField(declared, "schema")) ?? field(declared, "schema") };
}

function judgeOutput(attributes: AttributeMap, request: unknown, content: readonly unknown[]): void {
  const uses = content.map((block) => field(block, "toolUse")).filter((use) => use !== undefined);
  // Arguments that came in pieces and are no JSON were kept as text.
  const broken = uses.map((use) => textField(use, "input") ?? "");
  const text = content.map((block) => textField(block, "text") ?? "").join("");
  setValidity(attributes, formatOf(request), uses.length > 0 ? [] : [text], broken);
}
