/* A program on version 3 of Langfuse's SDK. */
import { Langfuse, observeOpenAI } from "langfuse";
import OpenAI from "openai";

const langfuse = new Langfuse();
const trace = langfuse.trace({ name: "answer", userId: "u-1", sessionId: "s-1", input: "What is a telltale?" });
const client = new OpenAI({ apiKey: "none", baseURL: `${process.env.MODEL_URL}/v1` });
const openai = observeOpenAI(client, { parent: trace, generationName: "llm-call" });

const said = await openai.chat.completions.create({
  model: "gpt-4o-mini",
  messages: [{ role: "user", content: "What is a telltale?" }],
});
const span = trace.span({ name: "look-up", input: { topic: "sails" } });
await langfuse.flushAsync();
// The end of what began comes in a request of its own.
span.end({ output: "a ribbon" });
trace.update({ output: said.choices[0].message.content });
trace.score({ name: "helpful", value: 1 });
await openai.flushAsync();
await langfuse.shutdownAsync();
console.log(said.choices[0].message.content);
