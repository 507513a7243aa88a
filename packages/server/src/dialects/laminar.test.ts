import type { Span } from "@telltale/model";
import { describe, expect, it } from "vitest";
import { readRecording } from "../testing/read-recording.ts";
import { spanRecord } from "../testing/span-record.ts";
import { translate } from "../translate.ts";

const CONTEXT = { project: "", receivedAt: 0n };

function recorded(name: string): readonly Span[] {
  return readRecording(name).spans.map((span) => translate(span, [], CONTEXT));
}

function told(attributes: Readonly<Record<string, string | number>>): Span {
  return translate(spanRecord(attributes, { scope: "lmnr.tracer" }), [], CONTEXT);
}

describe("Laminar as it is recorded", () => {
  it.each(["laminar/tools", "laminar-python/tools"])("%s: a function, its calls and its tool", (name) => {
    const spans = recorded(name);
    expect(spans.map(({ kind }) => kind).toSorted()).toEqual(["llm", "llm", "span", "tool"]);
    expect(spans.find(({ kind }) => kind === "tool")).toMatchObject({
      toolName: "get_weather",
      input: { type: "json", value: { city: "Paris" } },
      output: { type: "json", value: { city: "Paris", sky: "partly cloudy" } },
    });
    const root = spans.find(({ kind }) => kind === "span");
    expect(root).toMatchObject({
      name: "weather_agent",
      sessionId: "session-1",
      userId: "user-1",
      input: { type: "json", value: { question: "Weather in Paris?" } },
      output: { type: "text", text: "It is partly cloudy in Paris right now." },
    });
    expect(root?.tags).toContain("weather");
    expect(root?.attributes.get("lmnr.association.properties.metadata.region")).toBe("eu");
    expect(root?.attributes.has("lmnr.span.input")).toBe(false);
    for (const call of spans.filter(({ kind }) => kind === "llm")) expect(call.sessionId).toBe("session-1");
  });

  it("reads the choices that Python's wrapper writes as messages, and cached tokens inside the input", () => {
    const [call] = recorded("laminar-python/chat");
    expect(call).toMatchObject({
      finishReason: "stop",
      output: { messages: [{ role: "assistant", parts: [{ content: "Paris is the capital of France." }] }] },
    });
    expect(call?.usage[0]?.buckets).toEqual({ input: 16, cache_read: 15, reasoning: 0, output: 23 });
  });

  it("takes what is called LLM and has a model that embeds for an embedding", () => {
    const [call] = recorded("laminar-python/embeddings");
    expect(call).toMatchObject({ kind: "embedding", input: { type: "text", text: "refund policy of the shop" } });
  });
});

describe("Laminar", () => {
  it("reads a call that is told by hand, and lets the conventions speak first", () => {
    const messages = (content: string): string => JSON.stringify([{ role: "user", content }]);
    const own = { "lmnr.span.type": "LLM", "lmnr.span.input": messages("mine"), "lmnr.span.output": '"An answer."' };
    expect(told(own)).toMatchObject({
      kind: "llm",
      input: { messages: [{ parts: [{ content: "mine" }] }] },
      output: { messages: [{ role: "assistant", parts: [{ content: "An answer." }] }] },
    });
    const both = told({ ...own, "gen_ai.input.messages": messages("theirs") });
    expect(both.input).toMatchObject({ messages: [{ parts: [{ content: "theirs" }] }] });
    expect(both.attributes.has("lmnr.span.input")).toBe(true);
  });

  it("reads the candidates of Gemini as messages", () => {
    const candidates = [{ content: { role: "model", parts: [{ text: "Paris." }] }, finish_reason: "STOP" }];
    const call = told({ "lmnr.span.type": "LLM", "gen_ai.output.messages": JSON.stringify(candidates) });
    expect(call.output).toMatchObject({ messages: [{ role: "assistant", parts: [{ content: "Paris." }] }] });
    expect(call.finishReason).toBe("stop");
  });

  it("names a tool of the AI SDK as that does, and lets the conventions speak first", () => {
    const own = { "lmnr.span.type": "TOOL", "ai.toolCall.name": "look_up", "ai.toolCall.id": "call_1" };
    expect(told({ ...own, "lmnr.span.input": '{"id":1}' })).toMatchObject({
      kind: "tool",
      toolName: "look_up",
      toolCallId: "call_1",
      input: { type: "json", value: { id: 1 } },
    });
    const standard = { "gen_ai.tool.name": "theirs", "gen_ai.tool.call.arguments": '{"id":2}' };
    expect(told({ ...own, "lmnr.span.input": '{"id":1}', ...standard })).toMatchObject({
      toolName: "theirs",
      input: { type: "json", value: { id: 2 } },
    });
  });

  it.each([
    [{ "gen_ai.response.finish_reason": "tool-calls" }, "tool_call"],
    [{ "gen_ai.response.finish_reason": "tool-calls", "gen_ai.response.finish_reasons": "stop" }, "stop"],
  ])("reads why an answer ended from %o", (attributes, reason) => {
    expect(told({ "lmnr.span.type": "LLM", "gen_ai.request.model": "gpt-4o", ...attributes }).finishReason).toBe(
      reason,
    );
  });

  it.each([
    ["EXECUTOR", "workflow"],
    ["EVALUATOR", "evaluation"],
    ["EVALUATION", "evaluation"],
    ["DEFAULT", "span"],
  ])("takes %s for a step of the kind %s", (type, kind) => {
    expect(told({ "lmnr.span.type": type }).kind).toBe(kind);
  });

  it("counts the reasoning that it tells of OpenAI's Agents SDK under a name of its own", () => {
    const usage = { input_tokens: 10, output_tokens: 30, reasoning_output_tokens: 20 };
    const keys = Object.entries(usage).map(([key, value]) => [`gen_ai.usage.${key}`, value]);
    const call = told({ "lmnr.span.type": "LLM", ...(Object.fromEntries(keys) as Record<string, number>) });
    expect(call.usage[0]?.buckets).toEqual({ input: 10, reasoning: 20, output: 10 });
  });

  it("only fills what the span of another library leaves open", () => {
    const attributes = { "lmnr.span.path": ["agent"], "ai.operationId": "ai.toolCall", "ai.toolCall.name": "look_up" };
    const span = translate(spanRecord({ ...attributes, "lmnr.span.output": '"found"' }), [], CONTEXT);
    expect(span).toMatchObject({ kind: "tool", toolName: "look_up", output: { type: "text", text: "found" } });
    expect(span.dialect).toMatch(/^vercel-ai\//);
  });
});
