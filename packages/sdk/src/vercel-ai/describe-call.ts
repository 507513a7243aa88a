import type { AttributeMap } from "../attribute-value.ts";
import { listOf, numberOf, property, textOf } from "../hook/read-object.ts";
import { countField, setTokenCounts } from "../reading/token-counts.ts";
import { runtime } from "../runtime.ts";
import { instructionsOf, messagesOf, partsOf } from "./messages.ts";

/** Providers whose name in the AI SDK is not the conventions' name. */
const PROVIDERS: ReadonlyMap<string, string> = new Map([
  ["amazon-bedrock", "aws.bedrock"],
  ["azure-openai", "azure.ai.openai"],
  ["azure", "azure.ai.openai"],
  ["google", "gcp.gemini"],
  ["vertex", "gcp.vertex_ai"],
  ["mistral", "mistral_ai"],
  ["xai", "x_ai"],
]);

/** `openai.chat` is the chat API of `openai`. */
export function providerName(provider: string): string {
  if (provider.startsWith("google.vertex")) return "gcp.vertex_ai";
  const name = provider.split(".", 1)[0] ?? provider;
  return PROVIDERS.get(name) ?? name;
}

/** What was asked of a model that no wire sees. */
export function describeRequest(attributes: AttributeMap, event: unknown): void {
  const model = textOf(event, "modelId");
  const provider = textOf(event, "provider");
  if (model !== undefined) attributes.set("gen_ai.request.model", model);
  if (provider !== undefined) attributes.set("gen_ai.provider.name", providerName(provider));
  const doubles = { temperature: "temperature", topP: "top_p", topK: "top_k" } as const;
  for (const [name, attribute] of Object.entries(doubles)) {
    const double = numberOf(event, name);
    if (double !== undefined) attributes.set(`gen_ai.request.${attribute}`, { double });
  }
  const most = numberOf(event, "maxOutputTokens");
  if (most !== undefined) attributes.set("gen_ai.request.max_tokens", most);
  if (runtime.pipeline?.captureContent !== true) return;
  const messages = messagesOf(listOf(event, "messages"));
  if (messages.length > 0) attributes.set("gen_ai.input.messages", JSON.stringify(messages));
  const instructions = instructionsOf(property(event, "instructions"));
  if (instructions !== undefined) {
    attributes.set("gen_ai.system_instructions", JSON.stringify([{ type: "text", content: instructions }]));
  }
}

/** What a model that no wire sees answered: the result of a call, or the event of its end. */
export function describeAnswer(attributes: AttributeMap, answer: unknown): void {
  const response = property(answer, "response");
  const id = textOf(answer, "responseId") ?? textOf(response, "id");
  const model = textOf(response, "modelId");
  if (id !== undefined) attributes.set("gen_ai.response.id", id);
  if (model !== undefined) attributes.set("gen_ai.response.model", model);
  const finish = property(answer, "finishReason");
  const reason = typeof finish === "string" ? finish : textOf(finish, "unified");
  if (reason !== undefined) attributes.set("gen_ai.response.finish_reasons", [reason]);
  setUsage(attributes, property(answer, "usage"));
  const parts = partsOf(property(answer, "content"));
  if (runtime.pipeline?.captureContent !== true || parts.length === 0) return;
  attributes.set("gen_ai.output.messages", JSON.stringify([{ role: "assistant", parts, finish_reason: reason }]));
}

/** The provider's own shape has the parts below `inputTokens`, the AI SDK's beside it; embeddings have `tokens`. */
function setUsage(attributes: AttributeMap, usage: unknown): void {
  const input = property(usage, "inputTokens");
  const output = property(usage, "outputTokens");
  const inputParts = property(usage, "inputTokenDetails") ?? input;
  const outputParts = property(usage, "outputTokenDetails") ?? output;
  setTokenCounts(attributes, {
    input: countField(usage, "inputTokens") ?? countField(input, "total") ?? countField(usage, "tokens"),
    output: countField(usage, "outputTokens") ?? countField(output, "total"),
    cacheRead: countField(inputParts, "cacheReadTokens") ?? countField(inputParts, "cacheRead"),
    cacheWrite: countField(inputParts, "cacheWriteTokens") ?? countField(inputParts, "cacheWrite"),
    reasoning: countField(outputParts, "reasoningTokens") ?? countField(outputParts, "reasoning"),
  });
}
