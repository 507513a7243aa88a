import {
  Agent,
  type InputGuardrail,
  OpenAIChatCompletionsModel,
  run,
  setTraceProcessors,
  tool,
  withTrace,
} from "@openai/agents";
import { OpenAI } from "openai";
import { z } from "zod";
import { runScenarios } from "../testing/scenarios.ts";
import { trace } from "../testing/trace.ts";

// As programs do that do not want their runs at OpenAI.
setTraceProcessors([]);

const client = new OpenAI({ apiKey: "sk-test", baseURL: `${process.env["SERVER_URL"]}/v1`, maxRetries: 0 });
const modelOf = (model: string) => new OpenAIChatCompletionsModel(client, model);

const weather = tool({
  name: "weather",
  description: "Weather of a city",
  parameters: z.object({ city: z.string() }),
  execute: async ({ city }) => {
    await new Promise((resolve) => setTimeout(resolve, 2));
    if (city === "Atlantis") throw new Error("No such city: Atlantis.");
    return trace.withSpan("look up", () => `sunny in ${city}`);
  },
});
const search = tool({
  name: "search",
  description: "Searches the documents",
  parameters: z.object({ query: z.string() }),
  execute: ({ query }) =>
    trace.withRetrieval("docs", { query, topK: 1 }, async () => {
      const { data } = await client.embeddings.create({ model: "embedder", input: query });
      return [{ id: "d1", score: 0.9, content: `near ${data[0]?.embedding.length}` }];
    }),
});
const offTopic: InputGuardrail = {
  name: "off topic",
  execute: ({ input }) => Promise.resolve({ outputInfo: {}, tripwireTriggered: String(input).includes("poem") }),
};
const agentOf = (model: string, more: object = {}) =>
  new Agent({ name: "planner", instructions: "Be brief.", model: modelOf(model), ...more });
const forecast = z.object({ city: z.string(), degrees: z.number() });
const expert = agentOf("gpt", { name: "expert", handoffDescription: "Knows weather" });

await runScenarios({
  chat: async (print) => print((await run(agentOf("gpt"), "Hello there")).finalOutput),
  stream: async (print) => {
    const result = await run(agentOf("gpt"), "Hello there", { stream: true });
    let text = "";
    for await (const piece of result.toTextStream()) text += piece;
    await result.completed;
    print(text);
  },
  tools: async (print) => {
    const agent = agentOf("gpt", { tools: [weather] });
    print((await run(agent, 'CALL weather {"city":"Oslo"}')).finalOutput);
  },
  "parallel-tools": async (print) => {
    const agent = agentOf("gpt", { tools: [weather] });
    print((await run(agent, 'CALL weather {"city":"Oslo"} CALL weather {"city":"Rome"}')).finalOutput);
  },
  "tool-fails": async (print) => {
    const agent = agentOf("gpt", { tools: [weather] });
    print((await run(agent, 'CALL weather {"city":"Atlantis"}')).finalOutput);
  },
  structured: async (print) => print((await run(agentOf("json", { outputType: forecast }), "?")).finalOutput),
  badjson: async (print) => print((await run(agentOf("bad-json", { outputType: forecast }), "?")).finalOutput),
  "multi-agent": async (print) => {
    const { finalOutput, lastAgent } = await run(agentOf("gpt", { handoffs: [expert] }), "CALL transfer_to_expert {}");
    print(finalOutput, lastAgent?.name);
  },
  "agent-as-tool": async (print) => {
    const asked = expert.asTool({ toolName: "ask_expert", toolDescription: "Asks an expert" });
    print((await run(agentOf("gpt", { tools: [asked] }), 'CALL ask_expert {"input":"Is it sunny?"}')).finalOutput);
  },
  guardrail: async (print) => {
    print((await run(agentOf("gpt", { inputGuardrails: [offTopic] }), "Write a poem")).finalOutput);
  },
  err429: async (print) => print((await run(agentOf("limited"), "?")).finalOutput),
  err500: async (print) => print((await run(agentOf("broken"), "?")).finalOutput),
  "stream-broken": async (print) => {
    const result = await run(agentOf("broken"), "?", { stream: true });
    for await (const piece of result.toTextStream()) print(piece);
    await result.completed;
  },
  timeout: async (print) => {
    print((await run(agentOf("never"), "?", { signal: AbortSignal.timeout(400) })).finalOutput);
  },
  abort: async (print) => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 400);
    print((await run(agentOf("never"), "?", { signal: stop.signal })).finalOutput);
  },
  cut: async (print) => {
    const result = await run(agentOf("cut"), "?", { stream: true });
    for await (const piece of result.toTextStream()) print(piece);
    await result.completed;
  },
  rag: async (print) => {
    const agent = agentOf("gpt", { tools: [search] });
    print((await run(agent, 'CALL search {"query":"When does it arrive?"}')).finalOutput);
  },
  unicode: async (print) => print((await run(agentOf("unicode"), "Wie heißt 東京? \u{1F468}‍👩‍👧")).finalOutput),
  big: async (print) => print((await run(agentOf("gpt"), "Lorem ipsum — dolor. ".repeat(5000))).finalOutput),
  abandoned: async (print) => {
    const result = await run(agentOf("endless"), "?", { stream: true });
    let text = "";
    for await (const piece of result.toTextStream()) {
      text += piece;
      if (text.length > 8) break;
    }
    print(text);
  },
  together: async (print) => {
    const answers = await withTrace("two runs", async () => [
      (await run(agentOf("gpt"), "one")).finalOutput,
      (await run(agentOf("gpt"), "two")).finalOutput,
    ]);
    print(answers);
  },
  concurrent: async (print) => {
    const answers = ["Ada", "Bob", "Eve"].map((user) =>
      trace.withSpan(user, async () => {
        trace.setUser(user);
        const agent = agentOf("gpt", { tools: [weather], name: `agent of ${user}` });
        return (await run(agent, `CALL weather {"city":"${user}"}`)).finalOutput;
      }),
    );
    print(await Promise.all(answers));
  },
});
