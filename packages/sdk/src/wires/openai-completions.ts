import { field, parseJson, recordOf } from "../json/read-json.ts";
import { readChat } from "../openai/chat-reading.ts";
import { headersOfProvider } from "../openai/provider-shape.ts";
import { setPromptInput } from "../openai/prompt-input.ts";
import type { Reading, Wire } from "../wire.ts";

/** OpenAI's completions of a prompt, which vLLM, llama.cpp, LM Studio and others still speak. */
export const openaiCompletions: Wire = {
  name: "openai-completions",
  headers: headersOfProvider,
  claims: ({ path }) =>
    path.endsWith("/completions") && !/\/(?:chat|fim|agents)\/completions$/.test(path) && path !== "/completions",
  read(call, { captureContent }): Reading | undefined {
    const request = parseJson(call.requestBody);
    if (recordOf(request) !== undefined && field(request, "prompt") === undefined) return undefined;
    return readChat({ call, request, captureContent, operation: "text_completion" }, (attributes) => {
      setPromptInput(attributes, request);
    });
  },
};
