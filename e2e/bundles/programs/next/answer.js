import { OpenAI } from "openai";
import { Telltale } from "@telltale/sdk";

/** The program of `answer.mjs`, for one request. */
export function answer(attributes) {
  const openai = new OpenAI({ apiKey: "sk-test", baseURL: process.env.OPENAI_BASE_URL, maxRetries: 0 });
  const messages = [{ role: "user", content: "Where is it?" }];
  return Telltale.withSpan("answer", { attributes }, async () => {
    const { choices } = await openai.chat.completions.create({ model: "gpt", messages });
    let streamed = "";
    const stream = await openai.chat.completions.create({ model: "gpt", messages, stream: true });
    for await (const chunk of stream) streamed += chunk.choices[0]?.delta.content ?? "";
    return `${choices[0].message.content} / ${streamed}`;
  });
}
