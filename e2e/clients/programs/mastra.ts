import { Agent } from "@mastra/core/agent";
import { Mastra } from "@mastra/core/mastra";
import { createTool } from "@mastra/core/tools";
import { createStep, createWorkflow } from "@mastra/core/workflows";
import { Observability } from "@mastra/observability";
import { createOpenAI } from "ai-sdk-openai-2";
import { embed } from "ai-5";
import { z } from "zod";
import { runScenarios } from "../testing/scenarios.ts";
import { trace } from "../testing/trace.ts";

const openai = createOpenAI({ apiKey: "sk-test", baseURL: `${process.env["SERVER_URL"]}/v1` });

const weather = createTool({
  id: "weather",
  description: "Weather of a city",
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }) => {
    await new Promise((resolve) => setTimeout(resolve, 2));
    if (city === "Atlantis") throw new Error("No such city: Atlantis.");
    return { weather: trace.withSpan("look up", () => `sunny in ${city}`) };
  },
});
const search = createTool({
  id: "search",
  description: "Searches the documents",
  inputSchema: z.object({ query: z.string() }),
  execute: ({ query }) =>
    trace.withRetrieval("docs", { query, topK: 1 }, async () => {
      const { embedding } = await embed({ model: openai.textEmbeddingModel("text-embedding-3-small"), value: query });
      return [{ id: "d1", score: 0.9, content: `near ${embedding.length}` }];
    }),
});
const agentOf = (model: string, more: object = {}): Agent =>
  new Agent({
    id: "planner",
    name: "planner",
    instructions: "Be brief.",
    model: openai.chat(model),
    maxRetries: 0,
    ...more,
  });
const expert = agentOf("gpt", { id: "expert", name: "expert", instructions: "Know.", description: "Knows weather" });
const usage = { inputTokens: 11, outputTokens: 3, totalTokens: 14 };
/** A model in this process, whose calls leave nowhere. */
const local = {
  specificationVersion: "v2" as const,
  provider: "local.chat",
  modelId: "tiny",
  supportedUrls: {},
  doGenerate: () =>
    Promise.resolve({
      content: [{ type: "text" as const, text: "From here." }],
      finishReason: "stop" as const,
      usage,
      warnings: [],
    }),
  doStream: () =>
    Promise.resolve({
      stream: new ReadableStream({
        start(controller) {
          controller.enqueue({ type: "stream-start", warnings: [] });
          controller.enqueue({ type: "text-start", id: "1" });
          controller.enqueue({ type: "text-delta", id: "1", delta: "From here." });
          controller.enqueue({ type: "text-end", id: "1" });
          controller.enqueue({ type: "finish", finishReason: "stop", usage });
          controller.close();
        },
      }),
    }),
};
const offTopic = {
  id: "off-topic",
  processInput: ({ messages, abort }: { messages: object[]; abort: (reason: string) => never }) => {
    if (JSON.stringify(messages).includes("poem")) abort("No poems.");
    return messages;
  },
};

const agents = {
  plain: agentOf("gpt"),
  tools: agentOf("gpt", { tools: { weather, search } }),
  unicode: agentOf("unicode"),
  cut: agentOf("cut"),
  json: agentOf("json"),
  badJson: agentOf("bad-json"),
  limited: agentOf("limited"),
  broken: agentOf("broken"),
  retried: agentOf("broken", { maxRetries: 1 }),
  never: agentOf("never"),
  endless: agentOf("endless"),
  boss: agentOf("gpt", { agents: { expert } }),
  local: agentOf("gpt", { model: local }),
  guarded: agentOf("gpt", { inputProcessors: [offTopic] }),
};
const greet = createStep({
  id: "greet",
  inputSchema: z.object({ name: z.string() }),
  outputSchema: z.object({ text: z.string() }),
  execute: async ({ inputData, mastra: instance }) => {
    if (inputData.name === "nobody") throw new Error("Nobody is there.");
    return { text: (await instance.getAgent("plain").generate(`Hello ${inputData.name}`)).text };
  },
});
const shout = createStep({
  id: "shout",
  inputSchema: z.object({ text: z.string() }),
  outputSchema: z.string(),
  execute: ({ inputData }) => Promise.resolve(inputData.text.toUpperCase()),
});
const welcome = createWorkflow({
  id: "welcome",
  inputSchema: z.object({ name: z.string() }),
  outputSchema: z.string(),
})
  .then(greet)
  .then(shout)
  .commit();

const bridge = trace.mastra?.();
const mastra = new Mastra({
  agents,
  workflows: { welcome },
  logger: false,
  ...(bridge === undefined
    ? {}
    : { observability: new Observability({ configs: { default: { serviceName: "program", bridge } } }) }),
});
const forecast = z.object({ city: z.string(), degrees: z.number() });
const agent = (name: keyof typeof agents): Agent => mastra.getAgent(name);

await runScenarios({
  chat: async (print) => {
    const tracingOptions = { metadata: { sessionId: "s-1", userId: "ann" }, tags: ["demo"] };
    print((await agent("plain").generate("Hello there", { tracingOptions })).text);
  },
  stream: async (print) => {
    const result = await agent("plain").stream("Hello there");
    let text = "";
    for await (const piece of result.textStream) text += piece;
    print(text, await result.usage);
  },
  tools: async (print) => print((await agent("tools").generate('CALL weather {"city":"Oslo"}')).text),
  "parallel-tools": async (print) => {
    print((await agent("tools").generate('CALL weather {"city":"Oslo"} CALL weather {"city":"Rome"}')).text);
  },
  "tool-fails": async (print) => print((await agent("tools").generate('CALL weather {"city":"Atlantis"}')).text),
  "stream-tools": async (print) => {
    const result = await agent("tools").stream('CALL weather {"city":"Oslo"}');
    let text = "";
    for await (const piece of result.textStream) text += piece;
    print(text);
  },
  structured: async (print) => {
    print((await agent("json").generate("?", { structuredOutput: { schema: forecast } })).object);
  },
  badjson: async (print) => {
    print((await agent("badJson").generate("?", { structuredOutput: { schema: forecast } })).object);
  },
  "multi-agent": async (print) => {
    // Else the expert would hear the words that are meant for its caller.
    const delegation = { messageFilter: () => [] };
    print((await agent("boss").generate('CALL agent-expert {"prompt":"Is it sunny?"}', { delegation })).text);
  },
  workflow: async (print) => {
    const run = await mastra.getWorkflow("welcome").createRun();
    const result = await run.start({ inputData: { name: "Ada" } });
    print(result.status, result.status === "success" ? result.result : "");
  },
  "workflow-fails": async (print) => {
    const run = await mastra.getWorkflow("welcome").createRun();
    print((await run.start({ inputData: { name: "nobody" } })).status);
  },
  err429: async (print) => print((await agent("limited").generate("?")).text),
  err500: async (print) => print((await agent("broken").generate("?")).text),
  retried: async (print) => print((await agent("retried").generate("?")).text),
  "stream-broken": async (print) => {
    const result = await agent("broken").stream("?");
    for await (const piece of result.textStream) print(piece);
    print(result.error instanceof Error ? result.error.message : "no error");
  },
  timeout: async (print) => {
    print((await agent("never").generate("?", { abortSignal: AbortSignal.timeout(200) })).finishReason);
  },
  abort: async (print) => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 200);
    print((await agent("never").generate("?", { abortSignal: stop.signal })).finishReason);
  },
  cut: async (print) => {
    const result = await agent("cut").stream("?");
    for await (const piece of result.textStream) print(piece);
    print(result.error instanceof Error ? result.error.message : "no error");
  },
  rag: async (print) => print((await agent("tools").generate('CALL search {"query":"When does it arrive?"}')).text),
  unicode: async (print) => print((await agent("unicode").generate("Wie heißt 東京? \u{1F468}‍👩‍👧")).text),
  big: async (print) => print((await agent("plain").generate("Lorem ipsum — dolor. ".repeat(5000))).text),
  abandoned: async (print) => {
    const leave = new AbortController();
    const result = await agent("endless").stream("?", { abortSignal: leave.signal });
    let text = "";
    for await (const piece of result.textStream) {
      text += piece;
      if (text.length > 8) break;
    }
    leave.abort();
    print(text.slice(0, 8));
  },
  local: async (print) => print((await agent("local").generate("Hello there")).text),
  "local-stream": async (print) => {
    const result = await agent("local").stream("Hello there");
    for await (const piece of result.textStream) print(piece);
  },
  guarded: async (print) => {
    print((await agent("guarded").generate("Hello there")).text);
    print((await agent("guarded").generate("Write a poem")).finishReason);
  },
  concurrent: async (print) => {
    const answers = ["Ada", "Bob", "Eve"].map((user) =>
      trace.withSpan(user, async () => {
        trace.setUser(user);
        return (await agent("tools").generate(`CALL weather {"city":"${user}"}`)).text;
      }),
    );
    print(await Promise.all(answers));
  },
});
await mastra.shutdown();
