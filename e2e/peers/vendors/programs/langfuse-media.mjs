/* A program on version 3 of Langfuse's SDK whose span holds files: a picture, a sound, and what pretends to be harmless. */
import { setTimeout as sleep } from "node:timers/promises";
import { Langfuse, LangfuseMedia } from "langfuse";

const [picture, sound, script, page, liar] = JSON.parse(process.env.FILES);
// The SDK loads Node's crypto in the background; a program has called a model before it has files.
await sleep(50);
const langfuse = new Langfuse();
const trace = langfuse.trace({ name: "look" });
const media = (contentType, base64) => new LangfuseMedia({ contentType, contentBytes: Buffer.from(base64, "base64") });
const dataUrl = (type, base64) => `data:${type};base64,${base64}`;
trace
  .generation({
    name: "look-at",
    model: "gpt-4o-mini",
    input: [
      {
        role: "user",
        content: [
          { type: "text", text: "What is this?" },
          { type: "image_url", image_url: { url: dataUrl("image/png", picture) } },
          { type: "input_audio", input_audio: { data: sound, format: "wav" } },
        ],
      },
    ],
    output: { role: "assistant", content: "A ribbon." },
    metadata: {
      drawing: media("image/svg+xml", script),
      page: media("text/html", page),
      liar: media("image/png", liar),
    },
  })
  .end();
await langfuse.flushAsync();
await langfuse.shutdownAsync();
