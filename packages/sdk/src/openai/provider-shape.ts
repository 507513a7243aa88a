import type { AttributeMap } from "../attribute-value.ts";
import { field, recordOf, textField } from "../json/read-json.ts";
import { providerOf } from "../tap/provider-of.ts";
import type { Call, WireRequest } from "../wire.ts";

/** Members of an answer that only one service or server writes, in `usage` where the name says so. */
const MEMBERS: readonly (readonly [member: string, provider: string])[] = [
  ["x_groq", "groq"],
  ["usage.queue_time", "groq"],
  ["usage.cost_details", "openrouter"],
  ["usage.prompt_cache_hit_tokens", "deepseek"],
  ["usage.cost_in_usd_ticks", "x_ai"],
  ["usage.num_sources_used", "x_ai"],
  ["search_results", "perplexity"],
  ["citations", "perplexity"],
  ["usage.search_context_size", "perplexity"],
  ["time_info", "cerebras"],
  ["prompt_filter_results", "azure.ai.openai"],
  ["usage.num_cached_tokens", "mistral_ai"],
  ["usage.prompt_audio_seconds", "mistral_ai"],
  ["timings", "llama_cpp"],
  ["stats", "lm_studio"],
  ["kv_transfer_params", "vllm"],
  ["prompt_logprobs", "vllm"],
  ["prompt_token_ids", "vllm"],
  ["usage.cached_tokens", "moonshot_ai"],
];

/** Headers of an answer that only one service sends, also with a failure. */
const HEADERS: readonly (readonly [header: string, provider: string])[] = [
  ["x-groq-region", "groq"],
  ["apim-request-id", "azure.ai.openai"],
  ["mistral-correlation-id", "mistral_ai"],
  ["x-ds-trace-id", "deepseek"],
  ["openai-version", "openai"],
];

const HEADER_NAMES: readonly string[] = ["server", ...HEADERS.map(([header]) => header)];
const NONE: readonly string[] = [];

/** Headers that tell who answered, where the host does not. */
export function headersOfProvider(request: WireRequest): readonly string[] {
  return providerOf(request, "") === "" ? HEADER_NAMES : NONE;
}

/**
 * Writes who answered, told from the answer itself, for a host that nobody knows, such as a proxy or a
 * server of one's own. A known host says it, and to look through the headers takes 10 µs.
 */
export function setProvider(attributes: AttributeMap, call: Call, answer: unknown): void {
  if (providerOf(call.request, "") !== "") return;
  const provider = providerByShape(call, answer);
  if (provider !== undefined) attributes.set("gen_ai.provider.name", provider);
}

function providerByShape(call: Call, answer: unknown): string | undefined {
  const usage = field(answer, "usage");
  const told = MEMBERS.find(([member]) => {
    const name = member.replace("usage.", "");
    return Object.hasOwn(recordOf(name === member ? answer : usage) ?? {}, name);
  });
  if (told !== undefined) return told[1];
  if (textField(answer, "system_fingerprint") === "fp_ollama") return "ollama";
  if (textField(answer, "provider") !== undefined && textField(answer, "id")?.startsWith("gen-")) return "openrouter";
  if (textField(answer, "model")?.startsWith("accounts/fireworks/")) return "fireworks";
  if (call.header("server") === "llama.cpp") return "llama_cpp";
  if (call.request.path.includes("/openai/deployments/")) return "azure.ai.openai";
  return HEADERS.find(([header]) => call.header(header) !== "")?.[1];
}
