import { listField, recordOf } from "../json/read-json.ts";
import { readChat, setChatInput } from "../openai/chat-reading.ts";
import { headersOfProvider } from "../openai/provider-shape.ts";
import type { Reading, Wire } from "../wire.ts";

/** OpenAI's chat completions, spoken by many providers and servers. */
export const openaiChat: Wire = {
  name: "openai-chat",
  headers: headersOfProvider,
  claims: ({ path }) => path.endsWith("/chat/completions"),
  read(call, { captureContent }): Reading | undefined {
    const request = call.requestJson;
    const asks = listField(request, "messages").length > 0;
    if (recordOf(request) !== undefined && !asks && call.status === 404) return undefined;
    const reading = readChat({ call, request, captureContent, operation: "chat" }, (attributes) => {
      setChatInput(attributes, request);
    });
    reading.attributes.set("openai.api.type", "chat_completions");
    return reading;
  },
};
