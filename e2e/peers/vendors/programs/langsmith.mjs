/* A program on LangSmith's SDK: a wrapped client below a function, and an agent of LangChain's. */
import { tool } from "@langchain/core/tools";
import { ChatOpenAI } from "@langchain/openai";
import { createAgent } from "langchain";
import { Client } from "langsmith";
import { traceable } from "langsmith/traceable";
import { wrapOpenAI } from "langsmith/wrappers";
import OpenAI from "openai";
import { z } from "zod";

const baseURL = `${process.env.MODEL_URL}/v1`;
const openai = wrapOpenAI(new OpenAI({ apiKey: "none", baseURL }));
const client = new Client();

let run = "";
const answer = traceable(
  async (question) => {
    const said = await openai.chat.completions.create({
      model: "gpt-4o-mini",
      messages: [{ role: "user", content: question }],
    });
    return said.choices[0].message.content;
  },
  { name: "answer", client, metadata: { session_id: "s-1", user_id: "u-1" }, on_end: (tree) => (run = tree?.id ?? "") },
);
console.log(await answer("What is a telltale?"));

const weather = tool(({ city }) => `Rain in ${city}`, {
  name: "weather",
  description: "The weather",
  schema: z.object({ city: z.string() }),
});
const model = new ChatOpenAI({ model: "tools", apiKey: "none", configuration: { baseURL } });
const agent = createAgent({ model, tools: [weather], name: "forecaster" });
const { messages } = await agent.invoke({ messages: [{ role: "user", content: "Weather in Oslo?" }] });
console.log(messages.at(-1).content);

await client.awaitPendingTraceBatches();
await client.createFeedback(run, "helpful", { score: 1 });
