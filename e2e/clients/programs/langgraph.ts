import { Document } from "@langchain/core/documents";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import type { RunnableConfig } from "@langchain/core/runnables";
import { FakeVectorStore } from "@langchain/core/utils/testing";
import {
  Annotation,
  Command,
  END,
  interrupt,
  MemorySaver,
  MessagesAnnotation,
  Send,
  START,
  StateGraph,
} from "@langchain/langgraph";
import { createReactAgent } from "@langchain/langgraph/prebuilt";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { createAgent, tool } from "langchain";
import { z } from "zod";
import { runScenarios } from "../testing/scenarios.ts";

const baseURL = `${process.env["SERVER_URL"]}/v1`;
const modelOf = (model: string, more: object = {}) =>
  new ChatOpenAI({ model, apiKey: "sk-test", maxRetries: 0, configuration: { baseURL }, ...more });
const embeddings = new OpenAIEmbeddings({
  model: "text-embedding-3-small",
  apiKey: "sk-test",
  configuration: { baseURL },
});
const store = () =>
  FakeVectorStore.fromDocuments(
    ["Refunds take 30 days.", "We ship to Norway."].map((pageContent) => new Document({ pageContent })),
    embeddings,
  );
const forecast = z.object({ city: z.string(), degrees: z.number() });
const user = (content: string) => ({ messages: [{ role: "user", content }] });
const lastOf = ({ messages }: { messages: readonly BaseMessage[] }) => messages.at(-1)?.content;

const weather = tool(async ({ city }: { city: string }) => `sunny in ${city}`, {
  name: "weather",
  description: "Weather of a city",
  schema: z.object({ city: z.string() }),
});

type Step = (
  state: typeof MessagesAnnotation.State,
  config: RunnableConfig,
) => Promise<{ readonly messages: readonly BaseMessage[] }>;

/** A graph of one node. */
function oneStep(step: Step) {
  return new StateGraph(MessagesAnnotation)
    .addNode("ask", (state, config) => step(state, config) as Promise<{ messages: BaseMessage[] }>)
    .addEdge(START, "ask")
    .addEdge("ask", END)
    .compile();
}

const asks = (model: string, more: object = {}) =>
  oneStep(async ({ messages }, config) => ({ messages: [await modelOf(model, more).invoke(messages, config)] }));

async function structured(model: string): Promise<unknown> {
  const answer = modelOf(model).withStructuredOutput(forecast, { method: "jsonSchema" });
  const graph = oneStep(async ({ messages }, config) => {
    return { messages: [new AIMessage(JSON.stringify(await answer.invoke(messages, config)))] };
  });
  return lastOf(await graph.invoke(user("Oslo?")));
}

/** Asks one model in each node. */
function twoSteps() {
  const model = modelOf("gpt-4o");
  return new StateGraph(MessagesAnnotation)
    .addNode("draft", async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
    .addNode("review", async ({ messages }) => ({ messages: [await model.invoke(messages.slice(0, 1))] }))
    .addEdge(START, "draft")
    .addConditionalEdges("draft", () => "review")
    .addEdge("review", END)
    .compile();
}

/** A triage agent that hands over to the agent for money, which asks a tool. */
function desk() {
  const handOver = tool(
    async () =>
      new Command({
        goto: "billing",
        graph: Command.PARENT,
        update: { messages: [new AIMessage("Over to billing.")] },
      }),
    { name: "transfer_to_billing", description: "Hand over", schema: z.object({}) },
  );
  const balance = tool(async () => "12 EUR", { name: "balance", description: "Balance", schema: z.object({}) });
  const triage = createAgent({
    model: modelOf("gpt-4o"),
    tools: [handOver],
    name: "triage",
    systemPrompt: "CALL transfer_to_billing {}",
  });
  const billing = createAgent({
    model: modelOf("gpt-4o-mini"),
    tools: [balance],
    name: "billing",
    systemPrompt: "CALL balance {}",
  });
  return new StateGraph(MessagesAnnotation)
    .addNode("triage", triage.graph, { ends: ["billing"] })
    .addNode("billing", billing.graph)
    .addEdge(START, "triage")
    .addEdge("billing", END)
    .compile({ name: "desk" });
}

const Cities = Annotation.Root({
  cities: Annotation<string[]>,
  city: Annotation<string>,
  found: Annotation<string[]>({ reducer: (all, more) => [...all, ...more], default: () => [] }),
});

await runScenarios({
  chat: async (print) => print(lastOf(await twoSteps().invoke(user("Hello there")))),
  stream: async (print) => {
    for await (const update of await twoSteps().stream(user("Hello there"), { streamMode: "updates" }))
      print(Object.keys(update));
  },
  tokens: async (print) => {
    const chunks: unknown[] = [];
    for await (const [chunk] of await twoSteps().stream(user("Hello there"), { streamMode: "messages" }))
      chunks.push(chunk.content);
    print(chunks);
  },
  tools: async (print) => {
    const agent = createReactAgent({ llm: modelOf("gpt-4o"), tools: [weather], name: "forecaster" });
    print(lastOf(await agent.invoke(user('CALL weather {"city":"Oslo"}'))));
  },
  "multi-agent": async (print) => print(lastOf(await desk().invoke(user("Where is my money?")))),
  "parallel-tools": async (print) => {
    const agent = createReactAgent({ llm: modelOf("gpt-4o"), tools: [weather], name: "forecaster" });
    print(lastOf(await agent.invoke(user('CALL weather {"city":"Oslo"} CALL weather {"city":"東京"}'))));
  },
  structured: async (print) => print(await structured("json")),
  badjson: async (print) => print(await structured("bad-json")),
  rag: async (print) => {
    const answer = await oneStep(async ({ messages }, config) => {
      const question = String(messages[0]?.content);
      const found = await (await store()).asRetriever(2).invoke(question, config);
      const context = found.map(({ pageContent }) => pageContent).join("\n");
      return { messages: [await modelOf("gpt-4o").invoke(`${context}\n${question}`, config)] };
    }).invoke(user("How long?"));
    print(lastOf(answer));
  },
  embeddings: async (print) => {
    const graph = oneStep(async () => ({
      messages: [new AIMessage(String((await embeddings.embedQuery("one")).length))],
    }));
    print(lastOf(await graph.invoke(user("one"))));
  },
  err429: async (print) => print(await asks("limited").invoke(user("Hello"))),
  timeout: async (print) => print(await asks("never", { timeout: 300 }).invoke(user("Hello"))),
  cut: async (print) => {
    const graph = asks("cut", { streaming: true });
    for await (const [chunk] of await graph.stream(user("Hello"), { streamMode: "messages" })) print(chunk.content);
  },
  unicode: async (print) => print(lastOf(await asks("unicode").invoke(user("Wie heißt 東京?")))),
  big: async (print) => print(lastOf(await asks("gpt-4o").invoke(user("Lorem ipsum — dolor. ".repeat(5000))))),
  subgraph: async (print) => {
    const inner = twoSteps();
    const outer = new StateGraph(MessagesAnnotation)
      .addNode("write", inner)
      .addNode("count", async (state) => ({ messages: [(await inner.invoke(state)).messages.at(-1) as BaseMessage] }))
      .addEdge(START, "write")
      .addEdge("write", "count")
      .addEdge("count", END)
      .compile();
    print(lastOf(await outer.invoke(user("Hello there"))));
  },
  parallel: async (print) => {
    const model = modelOf("gpt-4o");
    const graph = new StateGraph(Cities)
      .addNode("look", async ({ city }) => ({ found: [String((await model.invoke(city)).content)] }))
      .addConditionalEdges(START, ({ cities }) => cities.map((city) => new Send("look", { city })))
      .addEdge("look", END)
      .compile();
    print((await graph.invoke({ cities: ["Oslo", "Rome"] })).found);
  },
  interrupt: async (print) => {
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("approve", () => ({ messages: [new AIMessage(`You said ${String(interrupt("Really?"))}`)] }))
      .addEdge(START, "approve")
      .addEdge("approve", END)
      .compile({ checkpointer: new MemorySaver() });
    const config = { configurable: { thread_id: "thread-7" } };
    const stopped = await graph.invoke(user("Do it"), config);
    print(Object.keys(stopped).toSorted());
    print(lastOf(await graph.invoke(new Command({ resume: "yes" }), config)));
  },
  stuck: async (print) => {
    const agent = createAgent({ model: modelOf("gpt-4o"), tools: [weather], name: "circler" });
    print(lastOf(await agent.invoke(user('FOREVER CALL weather {"city":"Oslo"}'), { recursionLimit: 6 })));
  },
  err500: async (print) => {
    const graph = oneStep(async ({ messages }) => ({ messages: [await modelOf("broken").invoke(messages)] }));
    print(await graph.invoke(user("Hello")));
  },
  abort: async (print) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 300);
    print(await asks("never").invoke(user("Hello"), { signal: controller.signal }));
  },
  abandoned: async (print) => {
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("talk", async ({ messages }) => ({ messages: [await modelOf("endless").invoke(messages)] }))
      .addEdge(START, "talk")
      .addEdge("talk", END)
      .compile();
    for await (const [chunk] of await graph.stream(user("Hello"), { streamMode: "messages" })) {
      if (chunk.content === "") continue;
      print(chunk.content);
      break;
    }
  },
  concurrent: async (print) => {
    const graph = twoSteps();
    const ask = (name: string) =>
      graph.invoke(user(`I am ${name}`), {
        runName: `for ${name}`,
        metadata: { user_id: name, plan: "pro" },
        tags: ["vip"],
      });
    print((await Promise.all(["Ann", "Bob", "Cem"].map((name) => ask(name)))).map(lastOf));
  },
});
