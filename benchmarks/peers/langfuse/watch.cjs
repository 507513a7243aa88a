const { NodeSDK } = require("@opentelemetry/sdk-node");
const { LangfuseSpanProcessor } = require("@langfuse/otel");
const { observeOpenAI } = require("@langfuse/openai");

exports.watch = (sink) => {
  const processor = new LangfuseSpanProcessor({ publicKey: "public", secretKey: "secret", baseUrl: sink });
  new NodeSDK({ spanProcessors: [processor] }).start();
  return { wrap: (client) => observeOpenAI(client), flush: () => processor.forceFlush() };
};
