import type { AttributeValue } from "@telltale/model";
import { describe, expect, it } from "vitest";
import { eventRecord, spanRecord } from "../testing/span-record.ts";
import { openllmetry } from "./openllmetry.ts";

function read(
  attributes: Readonly<Record<string, AttributeValue>>,
  scope = "@traceloop/node-server-sdk",
): ReturnType<typeof openllmetry.read> {
  return openllmetry.read(spanRecord(attributes, { scope, scopeVersion: "0.27.0" }), []);
}

describe("openllmetry", () => {
  it("reads the indexed prompts and completions of the manual API", () => {
    const attributes = {
      "llm.request.type": "chat",
      "gen_ai.prompt.0.role": "system",
      "gen_ai.prompt.0.content": "Be terse.",
      "gen_ai.prompt.10.role": "tool",
      "gen_ai.prompt.10.content": '{"sky":"blue"}',
      "gen_ai.prompt.10.tool_call_id": "call_1",
      "gen_ai.prompt.2.role": "user",
      "gen_ai.prompt.2.content": JSON.stringify([{ type: "text", text: "Weather?" }]),
      "gen_ai.completion.0.role": "assistant",
      "gen_ai.completion.0.finish_reason": "tool_calls",
      "gen_ai.completion.0.tool_calls.0.name": "get_weather",
      "gen_ai.completion.0.tool_calls.0.arguments": '{"city":"Paris"}',
      "gen_ai.usage.prompt_tokens": 9,
      "gen_ai.usage.completion_tokens": 3,
      "llm.usage.total_tokens": 12,
    };
    expect(openllmetry.claims(spanRecord(attributes))).toBe(3);
    const fields = read(attributes);
    expect(fields.input).toEqual({
      type: "messages",
      messages: [
        { role: "system", parts: [{ type: "text", content: "Be terse." }] },
        { role: "user", parts: [{ type: "text", content: "Weather?" }] },
        { role: "tool", parts: [{ type: "tool_call_response", id: "call_1", response: { sky: "blue" } }] },
      ],
    });
    expect(fields.output).toEqual({
      type: "messages",
      messages: [
        {
          role: "assistant",
          parts: [{ type: "tool_call", name: "get_weather", arguments: { city: "Paris" } }],
          finish_reason: "tool_calls",
        },
      ],
    });
    expect(fields.usage).toEqual([{ buckets: { input: 9, output: 3 }, quality: "reported" }]);
    expect(fields.consumed).toHaveLength(11);
  });

  it.each([
    ['{"args":["why?"],"kwargs":{}}', { type: "text", text: "why?" }],
    ['{"args":[],"kwargs":{"query":"why?"}}', { type: "json", value: { query: "why?" } }],
    ['{"args":["a","b"],"kwargs":{}}', { type: "json", value: ["a", "b"] }],
    ['{"args":["a"],"kwargs":{"b":1}}', { type: "json", value: { args: ["a"], kwargs: { b: 1 } } }],
    ['{"args":[],"kwargs":{}}', undefined],
    ['{"inputs":{"q":1},"tags":[]}', { type: "json", value: { inputs: { q: 1 }, tags: [] } }],
  ])("takes the arguments of a function out of %s", (text, expected) => {
    expect(read({ "traceloop.span.kind": "workflow", "traceloop.entity.input": text }).input).toEqual(expected);
  });

  it("knows a LangChain tool by its answer and not by its class", () => {
    const message = {
      lc: 1,
      type: "constructor",
      id: ["langchain_core", "messages", "ToolMessage"],
      kwargs: { name: "get_weather", tool_call_id: "call_1", content: '{"sky":"blue"}', status: "success" },
    };
    const fields = read({
      "gen_ai.operation.name": "execute_tool",
      "traceloop.span.kind": "task",
      "traceloop.entity.name": "DynamicStructuredTool",
      "traceloop.entity.input": '{"args":["{\\"city\\":\\"Paris\\"}"]}',
      "traceloop.entity.output": JSON.stringify(message),
    });
    expect(fields).toMatchObject({ kind: "tool", toolName: "get_weather", toolCallId: "call_1" });
    expect(fields.input).toEqual({ type: "json", value: { city: "Paris" } });
    expect(fields.output).toEqual({ type: "json", value: { sky: "blue" } });
    expect(fields.consumed).not.toContain("traceloop.entity.output");
  });

  it("reads the matches of a vector store from attributes and events", () => {
    const span = spanRecord(
      {
        "db.system": "Pinecone",
        "db.vector.query.top_k": 2,
        "db.vector.query.result.0.id": "doc-1",
        "db.vector.query.result.0.score": 0.9,
        "db.vector.query.result.1.id": "doc-2",
      },
      {
        scope: "@traceloop/instrumentation-pinecone",
        events: [eventRecord("pinecone.query.result.1.metadata", { text: "30 days" })],
      },
    );
    expect(openllmetry.read(span, [])).toMatchObject({
      kind: "retrieval",
      output: {
        type: "documents",
        documents: [
          { id: "doc-1", score: 0.9 },
          { id: "doc-2", content: "30 days" },
        ],
      },
    });
  });

  it("counts cached tokens apart only where the version does", () => {
    const attributes = {
      "gen_ai.operation.name": "chat",
      "gen_ai.usage.input_tokens": 700,
      "gen_ai.usage.cache_read.input_tokens": 512,
    };
    const scope = "@traceloop/instrumentation-anthropic";
    const at = (scopeVersion: string) =>
      openllmetry.read(spanRecord(attributes, { scope, scopeVersion }), []).usage?.[0]?.buckets;
    expect(at("0.27.0")).toEqual({ input: 700, cache_read: 512 });
    expect(at("0.28.0")).toEqual({ input: 188, cache_read: 512 });
  });
});
