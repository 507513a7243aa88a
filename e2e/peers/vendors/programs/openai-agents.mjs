/* A program on OpenAI's Agents SDK; only the exporter's endpoint says where it sends. */
import {
  Agent,
  BatchTraceProcessor,
  getGlobalTraceProvider,
  OpenAIChatCompletionsModel,
  OpenAITracingExporter,
  run,
  setTraceProcessors,
  tool,
  withTrace,
} from "@openai/agents";
import OpenAI from "openai";
import { z } from "zod";

const endpoint = process.env.TRACES_ENDPOINT;
setTraceProcessors([new BatchTraceProcessor(new OpenAITracingExporter({ endpoint, apiKey: "none" }))]);
const client = new OpenAI({ apiKey: "none", baseURL: `${process.env.MODEL_URL}/v1` });
const weather = tool({
  name: "weather",
  description: "The weather",
  parameters: z.object({ city: z.string() }),
  execute: ({ city }) => `Rain in ${city}`,
});
const agent = new Agent({
  name: "Forecaster",
  tools: [weather],
  model: new OpenAIChatCompletionsModel(client, "tools"),
});
const result = await withTrace("forecast", () => run(agent, "Weather in Oslo?"), { groupId: "s-1" });
console.log(result.finalOutput);
await getGlobalTraceProvider().forceFlush();
