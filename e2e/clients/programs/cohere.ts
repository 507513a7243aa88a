import { CohereClientV2 } from "cohere-ai";
import { commonScenarios } from "../testing/common-scenarios.ts";
import { runScenarios } from "../testing/scenarios.ts";
import { trace } from "../testing/trace.ts";

const cohere = new CohereClientV2({ token: "k", baseUrl: String(process.env["SERVER_URL"]) });
// The client leaves its timer running after an answer, which holds the program up.
const once = { maxRetries: 0, timeoutInSeconds: 3 };
const ask = (content: string) => [{ role: "user" as const, content }];
const TOOL = {
  type: "function" as const,
  function: {
    name: "weather",
    description: "Weather",
    parameters: { type: "object", properties: { city: { type: "string" } } },
  },
};

/** Reads a stream, the first `most` events of it. */
async function read(model: string, most = Number.POSITIVE_INFINITY): Promise<string> {
  const stream = await cohere.chatStream({ model, messages: ask("Hello there") }, once);
  let text = "";
  let count = 0;
  for await (const event of stream) {
    if (event.type === "content-delta") text += event.delta?.message?.content?.text ?? "";
    if (++count === most) break;
  }
  return text;
}

/** A turn with tools, of one call or of several. */
async function useTools(model: string): Promise<unknown> {
  const { message } = await cohere.chat({ model, messages: ask("Weather?"), tools: [TOOL] }, once);
  const toolCalls = message.toolCalls ?? [];
  const results = [];
  for (const { id } of toolCalls) {
    const content = await trace.withTool("weather", () => Promise.resolve("sunny"));
    results.push({ role: "tool" as const, toolCallId: id, content });
  }
  const said = { role: "assistant" as const, toolCalls, toolPlan: message.toolPlan ?? "" };
  return (await cohere.chat({ model, messages: [...ask("Weather?"), said, ...results], tools: [TOOL] }, once)).message;
}

await runScenarios({
  ...commonScenarios({
    say: async (text) => (await cohere.chat({ model: "command", messages: ask(text) }, once)).message.content,
    useTools: () => useTools("tools"),
    embed: async (text) => {
      const asked = { texts: [text], inputType: "search_query" as const, embeddingTypes: ["float" as const] };
      return (await cohere.embed({ model: "embed-v4", ...asked }, once)).embeddings.float?.[0];
    },
  }),
  chat: async (print) =>
    print(await cohere.chat({ model: "command", messages: ask("Hello"), p: 0.9, k: 40, maxTokens: 9 }, once)),
  stream: async (print) => print(await read("command")),
  tools: async (print) => print(await useTools("tools")),
  badjson: async (print) => {
    print(await cohere.chat({ model: "bad-json", messages: ask("?"), responseFormat: { type: "json_object" } }, once));
  },
  structured: async (print) => {
    const jsonSchema = {
      type: "object",
      properties: { city: { type: "string" }, degrees: { type: "number" } },
      required: ["degrees"],
    };
    print(
      await cohere.chat(
        { model: "json", messages: ask("?"), responseFormat: { type: "json_object", jsonSchema } },
        once,
      ),
    );
  },
  embeddings: async (print) => {
    const given = { texts: ["one", "two"], inputType: "search_document" as const, embeddingTypes: ["float" as const] };
    print(await cohere.embed({ model: "embed-v4", ...given }, once));
  },
  rerank: async (print) =>
    print(await cohere.rerank({ model: "rerank-v4", query: "capital?", documents: ["A town", "Oslo"], topN: 2 }, once)),
  err429: () => cohere.chat({ model: "limited", messages: ask("?") }, once),
  abort: () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 300);
    return cohere.chat({ model: "never", messages: ask("?") }, { ...once, abortSignal: stop.signal });
  },
  cut: async (print) => print(await read("cut")),
  "parallel-tools": async (print) => print(await useTools("tools-2")),
  err500: () => cohere.chat({ model: "broken", messages: ask("?") }, once),
  timeout: () => cohere.chat({ model: "never", messages: ask("?") }, { maxRetries: 0, timeoutInSeconds: 0.3 }),
  abandoned: async (print) => print(await read("endless", 5)),
  concurrent: async (print) => {
    const answers = Array.from({ length: 8 }, (_, index) =>
      trace.withSpan(`turn of user-${index}`, async () => {
        trace.setUser(`user-${index}`);
        return (await cohere.chat({ model: "command", messages: ask(`user-${index}`) }, once)).message;
      }),
    );
    print(await Promise.all(answers));
  },
  unicode: async (print) => print(await cohere.chat({ model: "unicode", messages: ask("Grüße aus 東京 🗼") }, once)),
  big: async (print) =>
    print((await cohere.chat({ model: "command", messages: ask("Lorem ipsum — dolor. ".repeat(2500)) }, once)).id),
});
