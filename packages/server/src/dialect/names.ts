import { providerOfHost } from "@telltale/rules";
import { isArray, parseJson } from "./json-of.ts";

/** Spellings of providers in the wild → `gen_ai.provider.name`. Keys are lower case. */
const PROVIDERS: ReadonlyMap<string, string> = new Map([
  ["azure", "azure.ai.openai"],
  ["azure-openai", "azure.ai.openai"],
  ["azure_openai", "azure.ai.openai"],
  ["az.ai.openai", "azure.ai.openai"],
  ["az.ai.inference", "azure.ai.inference"],
  ["aws", "aws.bedrock"],
  ["amazon", "aws.bedrock"],
  ["amazon-bedrock", "aws.bedrock"],
  ["amazon_bedrock", "aws.bedrock"],
  ["aws_bedrock", "aws.bedrock"],
  ["bedrock", "aws.bedrock"],
  ["google", "gcp.gemini"],
  ["gemini", "gcp.gemini"],
  ["googleai", "gcp.gemini"],
  ["google.generative-ai", "gcp.gemini"],
  ["google_genai", "gcp.gemini"],
  ["vertex", "gcp.vertex_ai"],
  ["vertexai", "gcp.vertex_ai"],
  ["vertex_ai", "gcp.vertex_ai"],
  ["google_vertexai", "gcp.vertex_ai"],
  ["google.vertex", "gcp.vertex_ai"],
  ["mistral", "mistral_ai"],
  ["mistralai", "mistral_ai"],
  ["xai", "x_ai"],
  ["moonshot", "moonshot_ai"],
  ["ibm", "ibm.watsonx.ai"],
  ["watsonx", "ibm.watsonx.ai"],
]);

/** Frameworks that name themselves where the provider belongs. */
const NOT_PROVIDERS = new Set([
  "langchain",
  "langgraph",
  "llamaindex",
  "llama_index",
  "strands-agents",
  "pydantic-ai",
  "microsoft.agent_framework",
  "autogen",
  "spring_ai",
  "gcp.vertex.agent",
  "semantic_kernel",
  "crewai",
  "haystack",
  "litellm",
  "_other",
  "unknown",
  "mcp",
]);

/** Names whose dot is their own; elsewhere the AI SDK appends the kind of model: `openai.chat`. */
const DOTTED = /^(?:azure\.ai\.(?:openai|inference)|aws\.bedrock|gcp\.[a-z_]+|ibm\.watsonx\.ai)$/;

/** Hosts of one house that serve several things, by how they end, when it is not known which; the longer ones first. */
const HOUSES: readonly (readonly [end: string, provider: string])[] = [
  ["googleapis.com", "gcp.gemini"],
  ["azure.com", "azure.ai.inference"],
  ["amazonaws.com", "aws.bedrock"],
  ["x.ai", "x_ai"],
];
const HOST = /(?:^|\.)([a-z0-9-]+)\.(?:com|ai|cn|co|cloud|dev|io|net|org|xyz)$/;
/** A server of one's own: nobody is told by it. */
const OWN_SERVER = /^(?:localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\])$/;

/** Some senders tell the host that was called; undefined when this is none, null when it says nothing of a provider. */
function providerOfAddress(told: string): string | null | undefined {
  const host = told.replace(/:\d{1,5}$/, "");
  if (OWN_SERVER.test(host)) return null;
  const known = providerOfHost(host) ?? HOUSES.find(([end]) => host === end || host.endsWith(`.${end}`))?.[1];
  if (known !== undefined) return known;
  const name = HOST.exec(host)?.[1];
  return name === undefined ? undefined : (PROVIDERS.get(name) ?? name);
}

/** The provider as the conventions spell it; `undefined` when the name is a framework's, or that of a server of one's own. */
export function providerName(told: string | undefined): string | undefined {
  if (told === undefined || told === "") return undefined;
  const name = told.toLowerCase();
  if (NOT_PROVIDERS.has(name)) return undefined;
  if (DOTTED.test(name)) return name;
  const ofAddress = providerOfAddress(name);
  if (ofAddress !== undefined) return ofAddress ?? undefined;
  const known = PROVIDERS.get(name);
  if (known) return known;
  const dot = name.indexOf(".");
  if (dot <= 0) return name;
  if (name.startsWith("google.vertex")) return "gcp.vertex_ai";
  const stem = name.slice(0, dot);
  return PROVIDERS.get(stem) ?? stem;
}

/** Finish reasons of the providers → the enumeration of the conventions §1.2. */
const FINISH_REASONS: ReadonlyMap<string, string> = new Map([
  ["tool_calls", "tool_call"],
  ["tool-calls", "tool_call"],
  ["tool_use", "tool_call"],
  ["function_call", "tool_call"],
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["completed", "stop"],
  ["complete", "stop"],
  ["max_tokens", "length"],
  ["max_output_tokens", "length"],
  ["incomplete", "length"],
  ["content-filter", "content_filter"],
  ["safety", "content_filter"],
  ["refusal", "content_filter"],
  ["blocklist", "content_filter"],
  ["prohibited_content", "content_filter"],
  ["recitation", "content_filter"],
  ["spii", "content_filter"],
  ["image_safety", "content_filter"],
  ["content_filtered", "content_filter"],
  ["guardrail_intervened", "content_filter"],
  ["model_context_window_exceeded", "length"],
  ["malformed_function_call", "error"],
  ["failed", "error"],
]);

/** A finish reason in the conventions' spelling; an unknown one in lower case. Of a list, which came as JSON, the first. */
export function finishReason(told: string | undefined): string | undefined {
  if (told === undefined || told === "") return undefined;
  const list = told.startsWith("[") ? parseJson(told) : undefined;
  const [first] = isArray(list) ? list : [told];
  if (typeof first !== "string" || first === "") return undefined;
  const reason = first.toLowerCase();
  return FINISH_REASONS.get(reason) ?? reason;
}
