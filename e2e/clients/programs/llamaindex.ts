import { agent, multiAgent } from "@llamaindex/workflow";
import { OpenAI, OpenAIEmbedding } from "@llamaindex/openai";
import { Document, Settings, tool, VectorStoreIndex } from "llamaindex";
import { z } from "zod";
import { runScenarios } from "../testing/scenarios.ts";
import { trace } from "../testing/trace.ts";

const baseURL = `${process.env["SERVER_URL"]}/v1`;
const modelOf = (model: string, more: object = {}) =>
  new OpenAI({ model, apiKey: "sk-test", baseURL, maxRetries: 0, ...more });
/** LlamaIndex hands no signal on: whoever wants to cancel brings a fetch. */
const cancelling: typeof fetch = (input, init) => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error("The user left.")), 300);
  return fetch(input, { ...init, signal: stop.signal });
};
const ask = (content: string) => [{ role: "user" as const, content }];

trace.watchLlamaindex(Settings);
Settings.llm = modelOf("gpt-4o");
Settings.embedModel = new OpenAIEmbedding({ model: "text-embedding-3-small", apiKey: "sk-test", baseURL });

const weather = tool({
  name: "weather",
  description: "Weather of a city",
  parameters: z.object({ city: z.string() }),
  execute: ({ city }) => {
    if (city === "Atlantis") throw new Error("No such city.");
    return `sunny in ${city}`;
  },
});

async function engine() {
  const documents = ["Refunds take 30 days.", "We ship to Norway."].map(
    (text, index) => new Document({ text, id_: `doc-${index}`, metadata: { source: "help" } }),
  );
  const index = await VectorStoreIndex.fromDocuments(documents);
  return index.asQueryEngine({ similarityTopK: 2 });
}

await runScenarios({
  chat: async (print) => print((await modelOf("gpt-4o").chat({ messages: ask("Hello there") })).message.content),
  stream: async (print) => {
    const pieces: string[] = [];
    for await (const { delta } of await modelOf("gpt-4o").chat({ messages: ask("Hello there"), stream: true }))
      pieces.push(delta);
    print(pieces);
  },
  rag: async (print) => print((await (await engine()).query({ query: "How long?" })).message.content),
  tools: async (print) => {
    const run = await agent({ tools: [weather], llm: modelOf("gpt-4o") }).run('CALL weather {"city":"Oslo"}');
    print(run.data.result);
  },
  "tool-error": async (print) => {
    const run = await agent({ tools: [weather], llm: modelOf("gpt-4o") }).run('CALL weather {"city":"Atlantis"}');
    print(run.data.result);
  },
  "parallel-tools": async (print) => {
    const asked = 'CALL weather {"city":"Oslo"} CALL weather {"city":"Rome"}';
    print((await agent({ tools: [weather], llm: modelOf("gpt-4o") }).run(asked)).data.result);
  },
  structured: async (print) => {
    const responseFormat = z.object({ city: z.string(), degrees: z.number() });
    print((await modelOf("json").chat({ messages: ask("?"), responseFormat })).message.content);
  },
  badjson: async (print) => {
    const responseFormat = z.object({ city: z.string(), degrees: z.number() });
    print((await modelOf("bad-json").chat({ messages: ask("?"), responseFormat })).message.content);
  },
  "multi-agent": async (print) => {
    const tools = [weather];
    const expert = agent({
      name: "expert",
      description: "Knows",
      tools,
      llm: modelOf("gpt-4o"),
      systemPrompt: "Help.",
    });
    const handsOn = 'CALL handOff {"toAgent":"expert","reason":"It knows."} THEN CALL weather {"city":"Oslo"}';
    const boss = agent({ name: "boss", description: "Asks", tools, llm: modelOf("gpt-4o"), canHandoffTo: [expert] });
    const team = multiAgent({ agents: [boss, expert], rootAgent: boss });
    print((await trace.withAgent("team", () => team.run(handsOn))).data.result);
  },
  embeddings: async (print) => print((await Settings.embedModel.getTextEmbeddings(["one", "two"])).length),
  timeout: async (print) => print(await modelOf("never", { timeout: 300 }).chat({ messages: ask("Hello") })),
  abort: async (print) => {
    const additionalSessionOptions = { fetch: cancelling };
    print(await modelOf("never", { additionalSessionOptions }).chat({ messages: ask("Hello") }));
  },
  cut: async (print) => {
    for await (const { delta } of await modelOf("cut").chat({ messages: ask("Hello"), stream: true })) print(delta);
  },
  unicode: async (print) =>
    print((await modelOf("unicode").chat({ messages: ask("Wie heißt 東京?") })).message.content),
  big: async (print) => {
    print((await modelOf("gpt-4o").chat({ messages: ask("Lorem ipsum — dolor. ".repeat(5000)) })).message.content);
  },
  err429: async (print) => print(await modelOf("limited").chat({ messages: ask("Hello") })),
  err500: async (print) => print(await modelOf("broken").chat({ messages: ask("Hello") })),
  abandoned: async (print) => {
    for await (const { delta } of await modelOf("endless").chat({ messages: ask("Hello"), stream: true })) {
      if (delta === "") continue;
      print(delta);
      break;
    }
  },
  concurrent: async (print) => {
    const asked = await engine();
    const answers = ["Ann", "Bob", "Cem"].map((name) => asked.query({ query: `I am ${name}` }));
    print((await Promise.all(answers)).map(({ message }) => message.content));
  },
});
