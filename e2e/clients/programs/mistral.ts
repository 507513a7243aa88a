import { Mistral } from "@mistralai/mistralai";
import { runScenarios } from "../testing/scenarios.ts";
import { trace } from "../testing/trace.ts";

const mistral = new Mistral({
  apiKey: "k",
  serverURL: String(process.env["SERVER_URL"]),
  retryConfig: { strategy: "none" },
});
const ask = (content: string) => [{ role: "user" as const, content }];
const TOOL = { type: "function" as const, function: { name: "weather", parameters: { type: "object" } } };

async function read(model: string): Promise<string> {
  let text = "";
  for await (const { data } of await mistral.chat.stream({ model, messages: ask("Hello") })) {
    const content = data.choices[0]?.delta.content;
    text += typeof content === "string" ? content : "";
  }
  return text;
}

await runScenarios({
  chat: async (print) =>
    print(await mistral.chat.complete({ model: "large", messages: ask("Hello"), randomSeed: 3, temperature: 0 })),
  thinks: async (print) => print(await mistral.chat.complete({ model: "thinks", messages: ask("Hello") })),
  stream: async (print) => print(await read("large")),
  tools: async (print) => {
    const { choices } = await mistral.chat.complete({ model: "tools", messages: ask("Weather?"), tools: [TOOL] });
    const toolCalls = choices[0]?.message?.toolCalls ?? [];
    const content = await trace.withTool("weather", () => Promise.resolve("sunny"));
    const results = toolCalls.map(({ id = "" }) => ({ role: "tool" as const, toolCallId: id, content }));
    const messages = [...ask("Weather?"), { role: "assistant" as const, content: "", toolCalls }, ...results];
    print((await mistral.chat.complete({ model: "tools", messages, tools: [TOOL] })).choices[0]?.message);
  },
  badjson: async (print) => {
    print(
      await mistral.chat.complete({ model: "bad-json", messages: ask("?"), responseFormat: { type: "json_object" } }),
    );
  },
  fim: async (print) => print(await mistral.fim.complete({ model: "codestral", prompt: "def f(", suffix: "return 1" })),
  embeddings: async (print) => print(await mistral.embeddings.create({ model: "embed", inputs: ["one", "two"] })),
  err429: () => mistral.chat.complete({ model: "limited", messages: ask("?") }),
  timeout: () => mistral.chat.complete({ model: "never", messages: ask("?") }, { timeoutMs: 40 }),
  cut: async (print) => print(await read("cut")),
});
