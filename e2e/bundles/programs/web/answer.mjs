import { OpenAI } from "openai";
import { Telltale } from "@telltale/sdk";

/** The program of `answer.mjs`, for places without a process. */
export async function answer({ endpoint, baseURL, fetch }) {
  Telltale.initialize({ appName: "forms", endpoint });
  const openai = new OpenAI({ apiKey: "sk-test", baseURL, maxRetries: 0, dangerouslyAllowBrowser: true, fetch });
  const messages = [{ role: "user", content: "Where is it?" }];
  const text = await Telltale.withSpan("answer", async () => {
    const { choices } = await openai.chat.completions.create({ model: "gpt", messages });
    let streamed = "";
    const stream = await openai.chat.completions.create({ model: "gpt", messages, stream: true });
    for await (const chunk of stream) streamed += chunk.choices[0]?.delta.content ?? "";
    return `${choices[0].message.content} / ${streamed}`;
  });
  await Telltale.flush();
  return text;
}
