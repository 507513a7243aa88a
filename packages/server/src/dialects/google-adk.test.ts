import { expect, it } from "vitest";
import { spanRecord } from "../testing/span-record.ts";
import { translate } from "../translate.ts";

it("reads the request, answer and cached tokens that the Agent Development Kit writes as JSON", () => {
  const request = {
    model: "gemini-2.5-flash",
    contents: [{ role: "user", parts: [{ text: "What is the capital of France?" }] }],
    config: { system_instruction: "Be short." },
  };
  const answer = {
    content: { role: "model", parts: [{ text: "Paris." }] },
    finish_reason: "STOP",
    usage_metadata: { prompt_token_count: 31, candidates_token_count: 5, cached_content_token_count: 15 },
  };
  const span = translate(
    spanRecord(
      {
        "gen_ai.system": "gcp.vertex.agent",
        "gen_ai.request.model": "gemini-2.5-flash",
        "gcp.vertex.agent.llm_request": JSON.stringify(request),
        "gcp.vertex.agent.llm_response": JSON.stringify(answer),
      },
      { scope: "gcp.vertex.agent", name: "call_llm" },
    ),
    [],
    { project: "", receivedAt: 0n },
  );
  expect(span).toMatchObject({ kind: "llm", requestModel: "gemini-2.5-flash", finishReason: "stop" });
  expect(span.usage[0]?.buckets).toEqual({ input: 16, cache_read: 15, output: 5 });
  expect(span.input).toMatchObject({ messages: [{ role: "system" }, { role: "user" }] });
  expect(span.output).toMatchObject({ messages: [{ parts: [{ type: "text", content: "Paris." }] }] });
});
