const { NodeTracerProvider } = require("@opentelemetry/sdk-trace-node");
const { BatchSpanProcessor } = require("@opentelemetry/sdk-trace-base");
const { OTLPTraceExporter } = require("@opentelemetry/exporter-trace-otlp-proto");
const { OpenAIInstrumentation } = require("@arizeai/openinference-instrumentation-openai");

exports.watch = (sink) => {
  const exporter = new OTLPTraceExporter({ url: `${sink}/v1/traces` });
  const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
  provider.register();
  new OpenAIInstrumentation({ tracerProvider: provider }).manuallyInstrument(require("openai"));
  return { flush: () => provider.forceFlush() };
};
