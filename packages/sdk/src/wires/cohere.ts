import { readCohereChat } from "../cohere/chat.ts";
import { readCohereEmbed } from "../cohere/embed.ts";
import { readRerank } from "../cohere/rerank.ts";
import { parseJson } from "../json/read-json.ts";
import type { Reading, Wire } from "../wire.ts";

/** Cohere's own API, both versions: chat, embed, and rerank, which many others speak too. */
export const cohere: Wire = {
  name: "cohere",
  provider: "cohere",
  claims: ({ path }) =>
    path.endsWith("/rerank") ||
    path.endsWith("/v2/chat") ||
    path.endsWith("/v1/chat") ||
    path.endsWith("/v2/embed") ||
    path.endsWith("/v1/embed"),
  read(call, { captureContent }): Reading | undefined {
    const request = parseJson(call.requestBody);
    const { path } = call.request;
    if (path.endsWith("/rerank")) return readRerank(call, request, captureContent);
    return path.endsWith("/embed")
      ? readCohereEmbed(call, request, captureContent)
      : readCohereChat(call, request, captureContent);
  },
};
