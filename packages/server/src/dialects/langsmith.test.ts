import type { AttributeValue, Span } from "@telltale/model";
import { describe, expect, it } from "vitest";
import { eventRecord, type RecordParts, spanRecord } from "../testing/span-record.ts";
import { translate } from "../translate.ts";

function told(attributes: Readonly<Record<string, AttributeValue>>, parts?: RecordParts): Span {
  return translate(spanRecord(attributes, parts), [], { project: "", receivedAt: 0n });
}

describe("langsmith", () => {
  it("reads whole requests and answers, and keeps what they say beside the messages", () => {
    const span = told({
      "langsmith.span.kind": "llm",
      "gen_ai.operation.name": "chat",
      "gen_ai.prompt": '{"model":"m","seed":7,"messages":[{"role":"user","content":"hi"}]}',
      "gen_ai.completion": '{"choices":[{"message":{"role":"assistant","content":"hello"},"finish_reason":"stop"}]}',
      "gen_ai.response.finish_reasons": "stop",
    });
    expect(span).toMatchObject({
      kind: "llm",
      finishReason: "stop",
      input: { messages: [{ role: "user", parts: [{ type: "text", content: "hi" }] }] },
      output: { messages: [{ role: "assistant", parts: [{ type: "text", content: "hello" }], finish_reason: "stop" }] },
    });
    expect(span.attributes.has("gen_ai.prompt")).toBe(true);
  });

  it("reads the tokens of a LangChain.js whose messages told none", () => {
    const counts = { promptTokens: 31, completionTokens: 23, totalTokens: 54 };
    const outputs = { generations: [[{ text: "hello" }]], llmOutput: { tokenUsage: counts } };
    const span = told({ "langsmith.span.kind": "llm", "gen_ai.completion": JSON.stringify(outputs) });
    expect(span.usage).toEqual([{ buckets: { input: 31, output: 23 }, quality: "reported" }]);
  });

  it("reads a retriever, which it calls embeddings", () => {
    const span = told({
      "langsmith.span.kind": "retriever",
      "gen_ai.operation.name": "embeddings",
      "gen_ai.prompt": '{"query":"refunds"}',
      "gen_ai.completion": '{"documents":[{"page_content":"30 days","metadata":{},"type":"Document"}]}',
    });
    expect(span).toMatchObject({
      kind: "retrieval",
      input: { type: "json", value: { query: "refunds" } },
      output: { type: "documents", documents: [{ content: "30 days", metadata: {} }] },
    });
    expect(span.attributes.has("gen_ai.completion")).toBe(false);
  });

  it("knows a failed run by its exception, since its status is OK", () => {
    const events = [eventRecord("exception", { "exception.type": "Error", "exception.message": "no" })];
    expect(told({ "langsmith.span.kind": "chain" }, { statusCode: 1, events })).toMatchObject({
      status: "error",
      errorType: "Error",
      errorMessage: "no",
    });
  });
});
