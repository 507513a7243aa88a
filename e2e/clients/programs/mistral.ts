import { Mistral } from "@mistralai/mistralai";
import { commonScenarios } from "../testing/common-scenarios.ts";
import { runScenarios } from "../testing/scenarios.ts";
import { trace } from "../testing/trace.ts";

const mistral = new Mistral({
  apiKey: "k",
  serverURL: String(process.env["SERVER_URL"]),
  retryConfig: { strategy: "none" },
});
const ask = (content: string) => [{ role: "user" as const, content }];
const TOOL = { type: "function" as const, function: { name: "weather", parameters: { type: "object" } } };

/** Reads a stream, the first `most` pieces of it. */
async function read(model: string, most = Number.POSITIVE_INFINITY): Promise<string> {
  let text = "";
  let count = 0;
  for await (const { data } of await mistral.chat.stream({ model, messages: ask("Hello") })) {
    const content = data.choices[0]?.delta.content;
    text += typeof content === "string" ? content : "";
    if (++count === most) break;
  }
  return text;
}

/** A turn with tools, of one call or of several. */
async function useTools(model: string): Promise<unknown> {
  const { choices } = await mistral.chat.complete({ model, messages: ask("Weather?"), tools: [TOOL] });
  const toolCalls = choices[0]?.message?.toolCalls ?? [];
  const results = [];
  for (const { id = "" } of toolCalls) {
    const content = await trace.withTool("weather", () => Promise.resolve("sunny"));
    results.push({ role: "tool" as const, toolCallId: id, content });
  }
  const messages = [...ask("Weather?"), { role: "assistant" as const, content: "", toolCalls }, ...results];
  return (await mistral.chat.complete({ model, messages, tools: [TOOL] })).choices[0]?.message;
}

const SCHEMA = {
  type: "object",
  properties: { city: { type: "string" }, degrees: { type: "number" } },
  required: ["city", "degrees"],
};
const structured = (model: string) =>
  mistral.chat.complete({
    model,
    messages: ask("?"),
    responseFormat: { type: "json_schema", jsonSchema: { name: "weather", schemaDefinition: SCHEMA } },
  });

await runScenarios({
  ...commonScenarios({
    say: async (text) =>
      (await mistral.chat.complete({ model: "large", messages: ask(text) })).choices[0]?.message?.content,
    useTools: () => useTools("tools"),
    embed: async (text) => (await mistral.embeddings.create({ model: "embed", inputs: [text] })).data[0]?.embedding,
  }),
  chat: async (print) =>
    print(await mistral.chat.complete({ model: "large", messages: ask("Hello"), randomSeed: 3, temperature: 0 })),
  thinks: async (print) => print(await mistral.chat.complete({ model: "thinks", messages: ask("Hello") })),
  stream: async (print) => print(await read("large")),
  tools: async (print) => print(await useTools("tools")),
  badjson: async (print) => {
    print(
      await mistral.chat.complete({ model: "bad-json", messages: ask("?"), responseFormat: { type: "json_object" } }),
    );
  },
  fim: async (print) => print(await mistral.fim.complete({ model: "codestral", prompt: "def f(", suffix: "return 1" })),
  embeddings: async (print) => print(await mistral.embeddings.create({ model: "embed", inputs: ["one", "two"] })),
  err429: () => mistral.chat.complete({ model: "limited", messages: ask("?") }),
  timeout: () => mistral.chat.complete({ model: "never", messages: ask("?") }, { timeoutMs: 300 }),
  cut: async (print) => print(await read("cut")),
  "parallel-tools": async (print) => print(await useTools("tools-2")),
  structured: async (print) => print(await structured("json")),
  badschema: async (print) => print(await structured("bad-schema")),
  err500: () => mistral.chat.complete({ model: "broken", messages: ask("?") }),
  abort: () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 300);
    return mistral.chat.complete({ model: "never", messages: ask("?") }, { fetchOptions: { signal: stop.signal } });
  },
  abandoned: async (print) => print(await read("endless", 3)),
  concurrent: async (print) => {
    const answers = Array.from({ length: 8 }, (_, index) =>
      trace.withSpan(`turn of user-${index}`, async () => {
        trace.setUser(`user-${index}`);
        return (await mistral.chat.complete({ model: "large", messages: ask(`user-${index}`) })).choices[0]?.message;
      }),
    );
    print(await Promise.all(answers));
  },
  unicode: async (print) =>
    print(await mistral.chat.complete({ model: "unicode", messages: ask("Grüße aus 東京 🗼") })),
  big: async (print) =>
    print((await mistral.chat.complete({ model: "large", messages: ask("Lorem ipsum — dolor. ".repeat(2500)) })).model),
});
