import { AIMessage, type BaseMessage } from "@langchain/core/messages";
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
import { ChatOpenAI } from "@langchain/openai";
import { createAgent, tool } from "langchain";
import { z } from "zod";
import { runScenarios } from "../testing/scenarios.ts";

const baseURL = `${process.env["SERVER_URL"]}/v1`;
const modelOf = (model: string) =>
  new ChatOpenAI({ model, apiKey: "sk-test", maxRetries: 0, configuration: { baseURL } });
const user = (content: string) => ({ messages: [{ role: "user", content }] });
const lastOf = ({ messages }: { messages: readonly BaseMessage[] }) => messages.at(-1)?.content;

const weather = tool(async ({ city }: { city: string }) => `sunny in ${city}`, {
  name: "weather",
  description: "Weather of a city",
  schema: z.object({ city: z.string() }),
});

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
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("ask", async ({ messages }) => ({ messages: [await modelOf("broken").invoke(messages)] }))
      .addEdge(START, "ask")
      .addEdge("ask", END)
      .compile();
    print(await graph.invoke(user("Hello")));
  },
  abort: async (print) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 60);
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("ask", async ({ messages }, config) => ({ messages: [await modelOf("never").invoke(messages, config)] }))
      .addEdge(START, "ask")
      .addEdge("ask", END)
      .compile();
    print(await graph.invoke(user("Hello"), { signal: controller.signal }));
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
