/* A program on OpenTelemetry's own instrumentation, set up by the environment alone. */
const { OpenAIInstrumentation } = require("@opentelemetry/instrumentation-openai");
const { NodeSDK } = require("@opentelemetry/sdk-node");

const sdk = new NodeSDK({ instrumentations: [new OpenAIInstrumentation({ captureMessageContent: true })] });
sdk.start();
const { OpenAI } = require("openai");

async function main() {
  const openai = new OpenAI({ apiKey: "none", baseURL: `${process.env.MODEL_URL}/v1` });
  const said = await openai.chat.completions.create({
    model: "gpt-4o-mini",
    messages: [{ role: "user", content: "What is a telltale?" }],
  });
  console.log(said.choices[0].message.content);
  await sdk.shutdown();
}

void main();
