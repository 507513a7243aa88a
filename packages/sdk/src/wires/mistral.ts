import type { AttributeMap } from "../attribute-value.ts";
import { field, listField, parseJson, recordOf, textField } from "../json/read-json.ts";
import { readChat, setChatInput } from "../openai/chat-reading.ts";
import { headersOfProvider } from "../openai/provider-shape.ts";
import { setPromptInput } from "../openai/prompt-input.ts";
import type { Reading, Wire } from "../wire.ts";

/**
 * What Mistral has beside OpenAI's API: completions between a beginning and an end, and agents. Its
 * chat and embeddings have OpenAI's paths and shapes and are read as these, with Mistral's own parts.
 */
export const mistral: Wire = {
  name: "mistral",
  provider: "mistral_ai",
  headers: headersOfProvider,
  claims: ({ path }) => path.endsWith("/fim/completions") || path.endsWith("/agents/completions"),
  read(call, { captureContent }): Reading | undefined {
    const request = parseJson(call.requestBody);
    const asksAgent = call.request.path.endsWith("/agents/completions");
    if (recordOf(request) !== undefined && field(request, asksAgent ? "messages" : "prompt") === undefined) {
      return undefined;
    }
    const operation = asksAgent || listField(request, "messages").length > 0 ? "chat" : "text_completion";
    const reading = readChat({ call, request, captureContent, operation }, (attributes: AttributeMap) => {
      if (operation === "chat") setChatInput(attributes, request);
      else setPromptInput(attributes, request);
    });
    const agent = textField(request, "agent_id");
    if (agent !== undefined) reading.attributes.set("gen_ai.agent.id", agent);
    return reading;
  },
};
