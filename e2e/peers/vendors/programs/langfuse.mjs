/* A program on version 3 of Langfuse's SDK. */
import { Langfuse, LangfuseMedia, observeOpenAI } from "langfuse";
import OpenAI from "openai";

const langfuse = new Langfuse();
const trace = langfuse.trace({ name: "answer", userId: "u-1", sessionId: "s-1", input: "What is a telltale?" });
const client = new OpenAI({ apiKey: "none", baseURL: `${process.env.MODEL_URL}/v1` });
const openai = observeOpenAI(client, { parent: trace, generationName: "llm-call" });

const said = await openai.chat.completions.create({
  model: "gpt-4o-mini",
  messages: [{ role: "user", content: "What is a telltale?" }],
});
const picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg==";
trace
  .span({
    name: "look-at",
    input: [{ role: "user", content: [{ type: "image_url", image_url: { url: `data:image/png;base64,${picture}` } }] }],
  })
  .end();
const span = trace.span({ name: "look-up", input: { topic: "sails" } });
await langfuse.flushAsync();
// The end of what began comes in a request of its own.
span.end({ output: "a ribbon" });
trace.update({ output: said.choices[0].message.content });
trace.score({ name: "helpful", value: 1 });
await openai.flushAsync();
await langfuse.shutdownAsync();
console.log(said.choices[0].message.content);

// What was uploaded comes back by the reference that stands in its place.
const media = new LangfuseMedia({ base64DataUri: `data:image/png;base64,${picture}` });
const { url } = await langfuse.fetchMedia(
  media.contentSha256Hash.replaceAll("+", "-").replaceAll("/", "_").slice(0, 22),
);
const kept = Buffer.from(await (await fetch(url)).arrayBuffer()).toString("base64");
if (kept !== picture) throw new Error(`not the picture: ${kept.slice(0, 100)}`);
