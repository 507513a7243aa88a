const { OpenAI } = require("openai");
const { Telltale } = require("@telltale/sdk");

// Where the SDK is registered beforehand, options come from the environment.
if (process.env.REGISTERED !== "1") Telltale.initialize();
const openai = new OpenAI({ maxRetries: 0 });
const messages = [{ role: "user", content: "Where is it?" }];

async function answer() {
  const { choices } = await openai.chat.completions.create({ model: "gpt", messages });
  let streamed = "";
  const stream = await openai.chat.completions.create({ model: "gpt", messages, stream: true });
  for await (const chunk of stream) streamed += chunk.choices[0]?.delta.content ?? "";
  return `${choices[0].message.content} / ${streamed}`;
}

void Telltale.withSpan("answer", answer)
  .then((text) => process.stdout.write(text))
  .then(() => Telltale.flush());
