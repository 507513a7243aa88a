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
