import { Document } from "@langchain/core/documents";
import { HumanMessage } from "@langchain/core/messages";
import { StringOutputParser } from "@langchain/core/output_parsers";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { RunnableLambda, RunnableMap, RunnablePassthrough, RunnableSequence } from "@langchain/core/runnables";
import { FakeListChatModel, FakeVectorStore } from "@langchain/core/utils/testing";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { createAgent, tool } from "langchain";
import { z } from "zod";
import { runScenarios } from "../testing/scenarios.ts";
import { trace } from "../testing/trace.ts";

const baseURL = `${process.env["SERVER_URL"]}/v1`;
const configuration = { baseURL };
const modelOf = (model: string, more: object = {}) =>
  new ChatOpenAI({ model, apiKey: "sk-test", maxRetries: 0, configuration, ...more });
const question = ChatPromptTemplate.fromMessages([
  ["system", "Be terse."],
  ["human", "{question}"],
]);
const parser = new StringOutputParser();
const weather = tool(
  async ({ city }: { city: string }) => {
    await new Promise((resolve) => setTimeout(resolve, 2));
    if (city === "Atlantis") throw new Error("No such city: Atlantis.");
    return `sunny in ${city}`;
  },
  { name: "weather", description: "Weather of a city", schema: z.object({ city: z.string() }) },
);
const forecast = z.object({ city: z.string(), degrees: z.number() });
const embeddings = new OpenAIEmbeddings({ model: "text-embedding-3-small", apiKey: "sk-test", configuration });

async function answerFrom(documents: readonly Document[], text: string): Promise<string> {
  const store = await FakeVectorStore.fromDocuments([...documents], embeddings);
  const chain = RunnableSequence.from([
    {
      context: store.asRetriever(2).pipe((found) => found.map(({ pageContent }) => pageContent).join("\n")),
      question: new RunnablePassthrough(),
    },
    ChatPromptTemplate.fromTemplate("{context}\n{question}"),
    modelOf("gpt-4o-mini"),
    parser,
  ]);
  return chain.invoke(text);
}

await runScenarios({
  chat: async (print) => print((await modelOf("gpt-4o").invoke("Hello there")).content),
  stream: async (print) => {
    const chunks: string[] = [];
    for await (const chunk of await question.pipe(modelOf("gpt-4o")).pipe(parser).stream({ question: "Hello there" }))
      chunks.push(chunk);
    print(chunks);
  },
  tools: async (print) => {
    const agent = createAgent({ model: modelOf("gpt-4o"), tools: [weather], name: "planner" });
    const { messages } = await agent.invoke({ messages: [{ role: "user", content: 'CALL weather {"city":"Oslo"}' }] });
    print(messages.map((message) => [message.type, message.content]));
  },
  "parallel-tools": async (print) => {
    const agent = createAgent({ model: modelOf("gpt-4o"), tools: [weather] });
    const content = 'CALL weather {"city":"Oslo"} CALL weather {"city":"東京"} THEN CALL weather {"city":"Rome"}';
    const { messages } = await agent.invoke({ messages: [{ role: "user", content }] });
    print(messages.at(-1)?.content);
  },
  "tool-error": async (print) => {
    const agent = createAgent({ model: modelOf("gpt-4o"), tools: [weather], name: "planner" });
    const { messages } = await agent.invoke({
      messages: [{ role: "user", content: 'CALL weather {"city":"Atlantis"}' }],
    });
    print(messages.at(-1)?.content);
  },
  structured: async (print) =>
    print(await modelOf("json").withStructuredOutput(forecast, { method: "jsonSchema" }).invoke("Oslo?")),
  badjson: async (print) =>
    print(await modelOf("bad-json").withStructuredOutput(forecast, { method: "jsonSchema" }).invoke("Oslo?")),
  rag: async (print) => {
    const documents = ["Refunds take 30 days.", "We ship to Norway."].map(
      (pageContent, index) => new Document({ pageContent, id: `doc-${index}`, metadata: { source: "help" } }),
    );
    print(await answerFrom(documents, "How long?"));
  },
  named: async (print) => {
    const step = RunnableLambda.from((text: string) => text.toUpperCase()).withConfig({ runName: "shout" });
    const both = RunnableMap.from({ loud: step, same: new RunnablePassthrough<string>() });
    print(await RunnableSequence.from([both, (value: unknown) => JSON.stringify(value)], "shouting").invoke("quiet"));
  },
  unseen: async (print) =>
    print((await new FakeListChatModel({ responses: ["From within."] }).invoke("Hello")).content),
  batch: async (print) =>
    print(
      await question
        .pipe(modelOf("gpt-4o"))
        .pipe(parser)
        .batch([{ question: "One" }, { question: "Two" }]),
    ),
  together: async (print) => {
    const { generations } = await modelOf("gpt-4o").generate([[new HumanMessage("One")], [new HumanMessage("Two")]]);
    print(generations.map(([first]) => first?.text));
  },
  embeddings: async (print) => print((await embeddings.embedDocuments(["one", "two"])).length),
  "multi-agent": async (print) => {
    const expert = createAgent({ model: modelOf("gpt-4o-mini"), tools: [weather], name: "expert" });
    const askExpert = tool(
      async ({ question: asked }: { question: string }) =>
        String((await expert.invoke({ messages: [{ role: "user", content: asked }] })).messages.at(-1)?.content),
      { name: "ask_expert", description: "Asks an expert", schema: z.object({ question: z.string() }) },
    );
    const boss = createAgent({ model: modelOf("gpt-4o"), tools: [askExpert], name: "boss" });
    const content = 'CALL ask_expert {"question":"Is it sunny?"}';
    print((await boss.invoke({ messages: [{ role: "user", content }] })).messages.at(-1)?.content);
  },
  timeout: async (print) => print(await modelOf("never", { timeout: 300 }).invoke("Hello")),
  unicode: async (print) => print((await modelOf("unicode").invoke("Wie heißt 東京? \u{1F468}‍👩‍👧")).content),
  big: async (print) => print((await modelOf("gpt-4o").invoke("Lorem ipsum — dolor. ".repeat(5000))).content),
  err429: async (print) => print(await modelOf("limited").invoke("Hello")),
  err500: async (print) => print(await question.pipe(modelOf("broken")).pipe(parser).invoke({ question: "Hello" })),
  retries: async (print) => print(await modelOf("broken", { maxRetries: 1 }).invoke("Hello")),
  abort: async (print) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 300);
    print(await question.pipe(modelOf("never")).invoke({ question: "Hello" }, { signal: controller.signal }));
  },
  abandoned: async (print) => {
    for await (const chunk of await question.pipe(modelOf("endless")).stream({ question: "Hello" })) {
      if (chunk.content !== "") {
        print(chunk.content);
        break;
      }
    }
  },
  cut: async (print) => {
    for await (const chunk of await question.pipe(modelOf("cut")).stream({ question: "Hello" })) print(chunk.content);
  },
  concurrent: async (print) => {
    const chain = question.pipe(modelOf("gpt-4o")).pipe(parser);
    const users = ["Ann", "Bob", "Cem"];
    const ask = (name: string) =>
      chain.withConfig({ runName: `for ${name}`, metadata: { user_id: name } }).invoke({ question: `I am ${name}` });
    print(await Promise.all(users.map((name) => ask(name))));
  },
  "program-spans": async (print) => {
    const model = modelOf("gpt-4o");
    const twice = RunnableLambda.from(async (text: string) => {
      const first = await trace.withSpan("mine", () => model.invoke(text));
      return model.invoke(String(first.content));
    });
    print(
      (await RunnableSequence.from([twice, (message: { content: unknown }) => message.content]).invoke(
        "Hello",
      )) as unknown,
    );
  },
});
