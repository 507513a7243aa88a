import { expect, it } from "vitest";
import { spanRecord } from "../testing/span-record.ts";
import { translate } from "../translate.ts";

it("reads content, cost and parts of the usage under Sentry's names", () => {
  const span = translate(
    spanRecord({
      "sentry.op": "gen_ai.chat",
      "gen_ai.request.model": "gpt-4o-mini",
      "gen_ai.request.messages": JSON.stringify([{ role: "user", content: "What is the capital of France?" }]),
      "gen_ai.response.text": JSON.stringify(["Paris is the capital of France."]),
      "gen_ai.usage.input_tokens": 31,
      "gen_ai.usage.input_tokens.cached": 15,
      "gen_ai.usage.output_tokens": 23,
      "gen_ai.cost.total_tokens": 0.0001,
      "sentry.status": "internal_error",
    }),
    [],
    { project: "", receivedAt: 0n },
  );
  expect(span).toMatchObject({
    kind: "llm",
    status: "error",
    cost: { reported: { nanos: 100_000n, source: "gen_ai.cost.total_tokens" } },
    input: { messages: [{ role: "user" }] },
    output: { messages: [{ parts: [{ content: "Paris is the capital of France." }] }] },
  });
  expect(span.usage[0]?.buckets).toEqual({ input: 16, cache_read: 15, output: 23 });
});

it("reads the message that Python's SDK writes as text, with its empty fields and its calls of tools", () => {
  const message = (content: string, calls: unknown): string =>
    JSON.stringify({ content, refusal: "None", role: "assistant", function_call: "None", tool_calls: calls });
  const spanOf = (text: string) =>
    translate(spanRecord({ "sentry.op": "gen_ai.chat", "gen_ai.response.text": text }), [], {
      project: "",
      receivedAt: 0n,
    });
  expect(spanOf(message("Paris.", "None")).output).toMatchObject({ messages: [{ parts: [{ content: "Paris." }] }] });
  const call = { id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"Oslo"}' } };
  expect(spanOf(message("None", call)).output).toEqual({
    type: "messages",
    messages: [
      { role: "assistant", parts: [{ type: "tool_call", id: "call_1", name: "weather", arguments: { city: "Oslo" } }] },
    ],
  });
});

it.each([
  [{}, "agent"],
  [{ "gen_ai.operation.name": "chat" }, "llm"],
])("takes an agent that names its model for an agent, unless an operation says otherwise", (more, kind) => {
  const told = { "sentry.op": "gen_ai.invoke_agent", "gen_ai.request.model": "gpt-4o-mini", ...more };
  expect(translate(spanRecord(told), [], { project: "", receivedAt: 0n }).kind).toBe(kind);
});
