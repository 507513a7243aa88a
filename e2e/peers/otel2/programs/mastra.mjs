/* A program on Mastra with its exporter for OpenTelemetry. */
import { createOpenAI } from "@ai-sdk/openai";
import { Agent } from "@mastra/core/agent";
import { Mastra } from "@mastra/core/mastra";
import { Observability } from "@mastra/observability";
import { OtelExporter } from "@mastra/otel-exporter";
import { clientOptions } from "./ask.mjs";

const endpoint = process.env.TRACES_ENDPOINT;
const exporter = new OtelExporter({ provider: { custom: { endpoint, protocol: "http/protobuf" } } });
const openai = createOpenAI(clientOptions);
const agent = new Agent({
  id: "forecaster",
  name: "forecaster",
  instructions: "Be terse.",
  model: openai.chat("gpt-4o-mini"),
});
const observability = new Observability({ configs: { otel: { serviceName: "peer", exporters: [exporter] } } });
const mastra = new Mastra({ agents: { forecaster: agent }, observability, logger: false });
const { text } = await mastra.getAgent("forecaster").generate("What is a telltale?");
console.log(text);
await mastra.shutdown();
