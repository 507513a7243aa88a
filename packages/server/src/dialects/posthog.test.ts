import { expect, it } from "vitest";
import { spanRecord } from "../testing/span-record.ts";
import { translate } from "../translate.ts";

const spanOf = (attributes: Readonly<Record<string, string | number | boolean>>) =>
  translate(spanRecord(attributes), [], { project: "", receivedAt: 0n });

const call = {
  $ai_model: "gpt-4o-mini",
  $ai_provider: "openai",
  $ai_input: JSON.stringify([{ role: "user", content: "What is the capital of France?" }]),
  $ai_output_choices: JSON.stringify([{ role: "assistant", content: [{ type: "text", text: "Paris." }] }]),
  $ai_input_tokens: 31,
  $ai_output_tokens: 23,
  $ai_cache_read_input_tokens: 15,
  $ai_session_id: "s-1",
  $ai_stop_reason: "stop",
};

it("reads a call told in PostHog's properties, its tokens once", () => {
  const span = spanOf(call);
  expect(span).toMatchObject({
    dialect: "posthog/1",
    kind: "llm",
    provider: "openai",
    requestModel: "gpt-4o-mini",
    sessionId: "s-1",
    finishReason: "stop",
    input: { messages: [{ role: "user", parts: [{ content: "What is the capital of France?" }] }] },
    output: { messages: [{ role: "assistant", parts: [{ content: "Paris." }] }] },
  });
  expect(span.usage[0]?.buckets).toEqual({ input: 16, cache_read: 15, output: 23 });
  expect(span.attributes.has("$ai_input")).toBe(false);
});

it("leaves cached tokens apart where the sender says that they are", () => {
  const span = spanOf({ ...call, $ai_cache_reporting_exclusive: true });
  expect(span.usage[0]?.buckets).toEqual({ input: 31, cache_read: 15, output: 23 });
});

it("reads failures, tools and traces", () => {
  const failed = spanOf({ ...call, $ai_is_error: true, $ai_error: "no quota", $ai_error_type: "RateLimitError" });
  expect(failed).toMatchObject({ status: "error", errorMessage: "no quota", errorType: "RateLimitError" });
  const tool = {
    $ai_span_type: "tool",
    $ai_span_name: "weather",
    $ai_input_state: '{"city":"Oslo"}',
    $ai_output_state: "Rain",
  };
  expect(spanOf(tool)).toMatchObject({
    kind: "tool",
    toolName: "weather",
    input: { type: "json", value: { city: "Oslo" } },
    output: { type: "text", text: "Rain" },
  });
  expect(spanOf({ event: "$ai_trace", $ai_span_name: "answer" }).kind).toBe("workflow");
});
