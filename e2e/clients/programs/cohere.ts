import { CohereClientV2 } from "cohere-ai";
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

async function read(model: string): Promise<string> {
  const stream = await cohere.chatStream({ model, messages: ask("Hello there") }, once);
  let text = "";
  for await (const event of stream)
    if (event.type === "content-delta") text += event.delta?.message?.content?.text ?? "";
  return text;
}

await runScenarios({
  chat: async (print) =>
    print(await cohere.chat({ model: "command", messages: ask("Hello"), p: 0.9, k: 40, maxTokens: 9 }, once)),
  stream: async (print) => print(await read("command")),
  tools: async (print) => {
    const { message } = await cohere.chat({ model: "tools", messages: ask("Weather?"), tools: [TOOL] }, once);
    const toolCalls = message.toolCalls ?? [];
    const content = await trace.withTool("weather", () => Promise.resolve("sunny"));
    const results = toolCalls.map(({ id }) => ({ role: "tool" as const, toolCallId: id, content }));
    const messages = [
      ...ask("Weather?"),
      { role: "assistant" as const, toolCalls, toolPlan: message.toolPlan ?? "" },
      ...results,
    ];
    print((await cohere.chat({ model: "tools", messages, tools: [TOOL] }, once)).message);
  },
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
  embed: async (print) => {
    const given = { texts: ["one", "two"], inputType: "search_document" as const, embeddingTypes: ["float" as const] };
    print(await cohere.embed({ model: "embed-v4", ...given }, once));
  },
  rerank: async (print) =>
    print(await cohere.rerank({ model: "rerank-v4", query: "capital?", documents: ["A town", "Oslo"], topN: 2 }, once)),
  err429: () => cohere.chat({ model: "limited", messages: ask("?") }, once),
  abort: () => cohere.chat({ model: "never", messages: ask("?") }, { ...once, abortSignal: AbortSignal.timeout(40) }),
  cut: async (print) => print(await read("cut")),
});
