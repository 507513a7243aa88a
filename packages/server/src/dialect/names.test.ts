import { expect, it } from "vitest";
import { finishReason, providerName } from "./names.ts";

it.each([
  ["Watsonx", "ibm.watsonx.ai"],
  ["aws_bedrock", "aws.bedrock"],
  ["vertex.anthropic.messages", "gcp.vertex_ai"],
  ["google.vertex.chat", "gcp.vertex_ai"],
  ["openai.responses", "openai"],
  ["azure.ai.openai", "azure.ai.openai"],
  ["gcp.vertex.agent", undefined],
  ["", undefined],
])("spells the provider %j as %j", (told, provider) => {
  expect(providerName(told)).toBe(provider);
});

it.each([
  ["stop", "stop"],
  ["STOP", "stop"],
  ['["stop"]', "stop"],
  ['["stop","length"]', "stop"],
  ["[]", undefined],
  ["[broken", "[broken"],
  ["", undefined],
  [undefined, undefined],
])("the finish reason %j is %j", (told, reason) => {
  expect(finishReason(told)).toBe(reason);
});

it.each([
  ["api.openai.com", "openai"],
  ["API.OpenAI.com:443", "openai"],
  ["api.groq.com", "groq"],
  ["api.x.ai", "x_ai"],
  ["api.mistral.ai", "mistral_ai"],
  ["generativelanguage.googleapis.com", "gcp.gemini"],
  ["us-central1-aiplatform.googleapis.com", "gcp.vertex_ai"],
  ["house.openai.azure.com", "azure.ai.openai"],
  ["bedrock-runtime.us-east-1.amazonaws.com", "aws.bedrock"],
  ["dashscope.aliyuncs.com", "alibaba_cloud"],
  ["unknown-service.googleapis.com", "gcp.gemini"],
  ["llm.example.com", "example"],
  ["127.0.0.1:4100", undefined],
  ["localhost:8000", undefined],
  ["[::1]:8000", undefined],
  ["openai.chat", "openai"],
  ["google.generative-ai", "gcp.gemini"],
])("reads a host that stands for the provider: %s", (told, provider) => {
  expect(providerName(told)).toBe(provider);
});
