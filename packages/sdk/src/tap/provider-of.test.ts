import { expect, it } from "vitest";
import { providerOf } from "./provider-of.ts";

it.each([
  ["api.openai.com", 443, "openai"],
  ["eu.api.openai.com", 443, "openai"],
  ["my-house.openai.azure.com", 443, "azure.ai.openai"],
  ["api.groq.com", 443, "groq"],
  ["API.Together.xyz", 443, "together"],
  ["openrouter.ai", 443, "openrouter"],
  ["api.x.ai", 443, "x_ai"],
  ["us-east5-aiplatform.googleapis.com", 443, "gcp.vertex_ai"],
  ["bedrock-runtime.eu-west-1.amazonaws.com", 443, "aws.bedrock"],
  ["mine.elb.amazonaws.com", 443, "openai"],
  ["127.0.0.1", 11434, "ollama"],
  ["gateway.example.com", 443, "openai"],
  ["notapi.openai.com.example.com", 443, "openai"],
  ["evil-openrouter.ai", 443, "openai"],
  ["", 80, "openai"],
])("%s:%i is %s", (host, port, provider) => {
  expect(providerOf({ host, port })).toBe(provider);
});
