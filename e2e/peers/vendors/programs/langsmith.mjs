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

const { id } = await client.createProject({ projectName: "peer", upsert: true, metadata: { from: "the peer" } });
await client.updateProject(id, { description: "of the peer", endTime: new Date() });
if ((await client.readProject({ projectId: id })).description !== "of the peer") throw new Error("not as it was made");
const names = [];
for await (const { name } of client.listProjects()) names.push(name);
// Where the runs went is known without having been made.
for (const name of ["peer", "default"])
  if (!names.includes(name)) throw new Error(`${name} is not among ${names.join()}`);
if (!(await client.getProjectUrl({ projectName: "peer" })).endsWith(id)) throw new Error("not the project's address");
