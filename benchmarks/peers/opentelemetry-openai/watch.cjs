const { logs, trace } = require("@opentelemetry/api");
const { NodeSDK } = require("@opentelemetry/sdk-node");
const { OpenAIInstrumentation } = require("@opentelemetry/instrumentation-openai");

/** As its guide has it, with content: spans and metrics, and the messages as log records. */
exports.watch = (sink) => {
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = sink;
  for (const signal of ["TRACES", "LOGS", "METRICS"]) process.env[`OTEL_${signal}_EXPORTER`] = "otlp";
  const sdk = new NodeSDK({ instrumentations: [new OpenAIInstrumentation({ captureMessageContent: true })] });
  sdk.start();
  const providers = [trace.getTracerProvider(), logs.getLoggerProvider()];
  return {
    flush: () =>
      Promise.all(
        providers.map((provider) => (provider.getDelegate?.() ?? provider._getDelegate?.() ?? provider).forceFlush()),
      ),
  };
};
