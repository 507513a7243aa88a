import type { Json, Span } from "@telltale/model";
import { describe, expect, it } from "vitest";
import { readRecording } from "../testing/read-recording.ts";
import { spanRecord } from "../testing/span-record.ts";
import { translate } from "../translate.ts";

const CONTEXT = { project: "", receivedAt: 0n };

function recorded(scenario: string): readonly Span[] {
  return readRecording(`braintrust/${scenario}`).spans.map((span) => translate(span, [], CONTEXT));
}

function told(members: Readonly<Record<string, Json>>, more: Readonly<Record<string, string>> = {}, scope = ""): Span {
  const own = Object.entries(members).map(([key, value]) => [`braintrust.${key}`, JSON.stringify(value)]);
  const attributes = { ...(Object.fromEntries(own) as Record<string, string>), ...more };
  return translate(spanRecord(attributes, { scope }), [], CONTEXT);
}

describe("Braintrust as it is recorded", () => {
  it("has a task with its calls and its tool, and whose it is", () => {
    const spans = recorded("tools");
    expect(spans.map(({ kind }) => kind)).toEqual(["llm", "tool", "llm", "workflow"]);
    expect(spans[1]).toMatchObject({
      toolName: "get_weather",
      input: { type: "json", value: { city: "Paris" } },
      output: { type: "json", value: { city: "Paris", sky: "partly cloudy" } },
    });
    expect(spans[3]).toMatchObject({ sessionId: "session-1", userId: "user-1", tags: ["weather", "demo"] });
    expect(spans[3]?.attributes.get("braintrust.metadata")).toContain('"region":"eu"');
  });

  it("has a call with its model, messages and tokens, cached ones inside the input", () => {
    const [call] = recorded("chat");
    expect(call).toMatchObject({
      provider: "openai",
      requestModel: "gpt-4o-mini",
      finishReason: "stop",
      output: { messages: [{ role: "assistant", parts: [{ content: "Paris is the capital of France." }] }] },
    });
    expect(call?.usage[0]?.buckets).toEqual({ input: 16, cache_read: 15, reasoning: 0, output: 23 });
  });

  it("has a case of an evaluation with its task and its scores", () => {
    expect(recorded("evaluation").map(({ name, kind }) => [name, kind])).toEqual([
      ["task", "workflow"],
      ["score", "evaluation"],
      ["eval", "workflow"],
    ]);
  });
});

describe("Braintrust", () => {
  const LLM = { span_attributes: { type: "llm" } };

  it("lets the conventions speak first, and fills what they leave open", () => {
    const standard = {
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": "gpt-4o",
      "gen_ai.usage.input_tokens": "7",
      "gen_ai.input.messages": '[{"role":"user","parts":[{"type":"text","content":"theirs"}]}]',
    };
    const own = { input_json: "mine", output_json: "An answer.", metrics: { prompt_tokens: 9 } };
    const span = told({ span_attributes: { type: "task" }, metadata: { model: "other" }, ...own }, standard);
    expect(span).toMatchObject({
      kind: "llm",
      requestModel: "gpt-4o",
      input: { messages: [{ parts: [{ content: "theirs" }] }] },
    });
    expect(span.usage[0]?.buckets).toEqual({ input: 7 });
    expect(span.dialect).toMatch(/^gen-ai\//);
    const filled = told({ metadata: { model: "other" }, ...own }, { "gen_ai.operation.name": "chat" });
    expect(filled.output).toBeDefined();
  });

  it("does not take the metadata's user for another than the span's", () => {
    const span = told({ metadata: { user_id: "b", session_id: "t" } }, { "user.id": "a", "session.id": "s" });
    expect(span).toMatchObject({ userId: "a", sessionId: "s" });
  });

  const counts = { prompt_tokens: 1000, completion_tokens: 100, prompt_cached_tokens: 400 };
  it.each([
    ["Go's and Ruby's SDK", "anthropic", "braintrust-sdk-go", { input: 600, cache_read: 400, output: 100 }],
    ["Java's SDK of OpenAI", "openai", "braintrust-java", { input: 600, cache_read: 400, output: 100 }],
    ["Java's SDK of Anthropic", "anthropic", "braintrust-java", { input: 1000, cache_read: 400, output: 100 }],
  ])("takes cached tokens as %s counts them", (_, provider, scope, buckets) => {
    const span = told({ ...LLM, metadata: { provider }, metrics: counts }, {}, scope);
    expect(span.usage[0]?.buckets).toEqual(buckets);
  });

  it("sums cache writes that are told by their lifetimes", () => {
    const writes = { prompt_cache_creation_5m_tokens: 30, prompt_cache_creation_1h_tokens: 20 };
    const span = told({ ...LLM, metrics: { prompt_tokens: 100, ...writes } });
    expect(span.usage[0]?.buckets).toEqual({ input: 50, cache_write: 30, cache_write_1h: 20 });
  });

  it("reads a whole answer of Anthropic, and keeps it", () => {
    const answer = { role: "assistant", content: [{ type: "text", text: "Paris." }], stop_reason: "end_turn" };
    const span = told({ ...LLM, output_json: answer });
    expect(span).toMatchObject({ finishReason: "stop", output: { messages: [{ parts: [{ content: "Paris." }] }] } });
    expect(span.attributes.has("braintrust.output_json")).toBe(true);
  });

  it("takes a call of a model that embeds for an embedding", () => {
    const span = told({ ...LLM, metadata: { model: "text-embedding-3-small" }, input_json: "refunds" });
    expect(span).toMatchObject({ kind: "embedding", input: { type: "text", text: "refunds" } });
  });

  it("reads the names without JSON in their name too", () => {
    expect(told({}, { "braintrust.input": "a question" }).input).toEqual({ type: "text", text: "a question" });
  });
});
