/**
 * Hosts and the name of their provider, as `gen_ai.provider.name` spells it; for those that the
 * conventions do not list, in the same manner. A host matches by itself or as the end of a longer one.
 */
const PROVIDERS: ReadonlyMap<string, string> = new Map([
  ["api.openai.com", "openai"],
  ["openai.azure.com", "azure.ai.openai"],
  ["cognitiveservices.azure.com", "azure.ai.openai"],
  ["services.ai.azure.com", "azure.ai.inference"],
  ["models.inference.ai.azure.com", "azure.ai.inference"],
  ["models.github.ai", "azure.ai.inference"],
  ["api.anthropic.com", "anthropic"],
  ["generativelanguage.googleapis.com", "gcp.gemini"],
  ["aiplatform.googleapis.com", "gcp.vertex_ai"],
  ["api.groq.com", "groq"],
  ["api.together.xyz", "together"],
  ["api.together.ai", "together"],
  ["openrouter.ai", "openrouter"],
  ["api.deepseek.com", "deepseek"],
  ["api.x.ai", "x_ai"],
  ["api.mistral.ai", "mistral_ai"],
  ["api.cohere.com", "cohere"],
  ["api.cohere.ai", "cohere"],
  ["api.perplexity.ai", "perplexity"],
  ["api.moonshot.ai", "moonshot_ai"],
  ["api.moonshot.cn", "moonshot_ai"],
  ["api.fireworks.ai", "fireworks"],
  ["api.cerebras.ai", "cerebras"],
  ["api.deepinfra.com", "deepinfra"],
  ["api.sambanova.ai", "sambanova"],
  ["integrate.api.nvidia.com", "nvidia"],
  ["router.huggingface.co", "hugging_face"],
  ["dashscope.aliyuncs.com", "alibaba_cloud"],
  ["dashscope-intl.aliyuncs.com", "alibaba_cloud"],
  ["ml.cloud.ibm.com", "ibm.watsonx.ai"],
]);

/** Whose the host is, which is given in lower case and without its port; undefined for one that nobody knows. */
export function providerOfHost(name: string): string | undefined {
  let host = name;
  // Regions stand in front of these: us-central1-aiplatform…, bedrock-runtime.us-east-1….
  if (host.endsWith("-aiplatform.googleapis.com")) return "gcp.vertex_ai";
  if (host.startsWith("bedrock") && host.endsWith(".amazonaws.com")) return "aws.bedrock";
  for (;;) {
    const provider = PROVIDERS.get(host);
    if (provider !== undefined) return provider;
    const dot = host.indexOf(".");
    if (dot < 0) return undefined;
    host = host.slice(dot + 1);
  }
}
