import { expect, it } from "vitest";
import { spanRecord } from "../testing/span-record.ts";
import { translate } from "../translate.ts";

it("reads a model call of Genkit, whose thoughts are apart from the output", () => {
  const request = { messages: [{ role: "user", content: [{ text: "Weather in Paris?" }] }] };
  const call = { toolRequest: { name: "get_weather", ref: "1", input: { city: "Paris" } } };
  const answer = {
    message: { role: "model", content: [call] },
    finishReason: "stop",
    usage: { inputTokens: 34, outputTokens: 38, thoughtsTokens: 5 },
  };
  const span = translate(
    spanRecord(
      {
        "genkit:name": "googleai/gemini-2.5-flash",
        "genkit:type": "action",
        "genkit:metadata:subtype": "model",
        "genkit:input": JSON.stringify(request),
        "genkit:output": JSON.stringify(answer),
        "genkit:state": "success",
      },
      { scope: "genkit-tracer" },
    ),
    [],
    { project: "", receivedAt: 0n },
  );
  expect(span).toMatchObject({
    kind: "llm",
    provider: "gcp.gemini",
    requestModel: "gemini-2.5-flash",
    finishReason: "stop",
    input: { messages: [{ role: "user", parts: [{ type: "text", content: "Weather in Paris?" }] }] },
    output: { messages: [{ role: "assistant", parts: [{ type: "tool_call", id: "1", name: "get_weather" }] }] },
  });
  expect(span.usage[0]?.buckets).toEqual({ input: 34, output: 38, reasoning: 5 });
});

it("takes a name of a plug-in alone for no model", () => {
  const attributes = { "genkit:name": "googleai/", "genkit:metadata:subtype": "model" };
  expect(translate(spanRecord(attributes), [], { project: "", receivedAt: 0n }).requestModel).toBeUndefined();
});
