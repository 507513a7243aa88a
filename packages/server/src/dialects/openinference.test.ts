import type { AttributeValue } from "@telltale/model";
import { describe, expect, it } from "vitest";
import { spanRecord } from "../testing/span-record.ts";
import { openinference } from "./openinference.ts";

function read(attributes: Readonly<Record<string, AttributeValue>>): ReturnType<typeof openinference.read> {
  return openinference.read(spanRecord(attributes, { name: "OpenAI Chat" }), []);
}

const FLAT = {
  "openinference.span.kind": "llm",
  "llm.input_messages.0.message.role": "user",
  "llm.input_messages.0.message.contents.0.message_content.type": "text",
  "llm.input_messages.0.message.contents.0.message_content.text": "What is this?",
  "llm.input_messages.0.message.contents.1.message_content.type": "image",
  "llm.input_messages.0.message.contents.1.message_content.image.image.url": "data:image/png;base64,AAAA",
  "llm.output_messages.0.message.role": "assistant",
  "llm.output_messages.0.message.tool_calls.0.tool_call.id": "call_1",
  "llm.output_messages.0.message.tool_calls.0.tool_call.function.name": "look",
  "llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments": '{"close":true}',
};

describe("openinference", () => {
  it("reads flattened messages and takes their attributes away", () => {
    const fields = read(FLAT);
    expect(fields.input).toEqual({
      type: "messages",
      messages: [
        {
          role: "user",
          parts: [
            { type: "text", content: "What is this?" },
            { type: "blob", mime_type: "image/png", modality: "image", content: "AAAA" },
          ],
        },
      ],
    });
    expect(fields.output).toEqual({
      type: "messages",
      messages: [
        { role: "assistant", parts: [{ type: "tool_call", id: "call_1", name: "look", arguments: { close: true } }] },
      ],
    });
    expect(fields.consumed).toHaveLength(9);
  });

  it("prefers the raw request where the flattened messages are fewer", () => {
    const messages = [
      { role: "system", content: "Be terse." },
      { role: "user", content: "What is this?" },
    ];
    const fields = read({
      ...FLAT,
      "input.value": JSON.stringify({ model: "gpt-4o", messages }),
      "output.value": JSON.stringify({
        id: "chatcmpl-1",
        model: "gpt-4o-2024-08-06",
        service_tier: "default",
        choices: [{ message: { role: "assistant", content: "A dot." } }],
      }),
      "llm.invocation_parameters": '{"model":"gpt-4o"}',
    });
    expect(fields.input).toMatchObject({ messages: [{ role: "system" }, { role: "user" }] });
    expect(fields.output).toMatchObject({ messages: [{ parts: [{ content: "A dot." }] }] });
    expect(fields).toMatchObject({
      responseId: "chatcmpl-1",
      requestModel: "gpt-4o",
      responseModel: "gpt-4o-2024-08-06",
      serviceTier: "default",
    });
    expect(fields.consumed).toContain("input.value");
    expect(fields.consumed).not.toContain("output.value");
  });

  it("keeps the flattened messages where the raw request is no request", () => {
    const fields = read({ ...FLAT, "input.value": "What is this?", "input.mime_type": "text/plain" });
    expect(fields.input).toMatchObject({ messages: [{ parts: [{ content: "What is this?" }, { type: "blob" }] }] });
    expect(fields.consumed).toContain("input.value");
  });

  it("bills each model of an answer of several apart", () => {
    const iterations = [
      { type: "message", input_tokens: 10, output_tokens: 5, cache_read_input_tokens: 100 },
      { type: "advisor_message", model: "claude-opus-4-5", input_tokens: 20, output_tokens: 7 },
    ];
    const answer = {
      type: "message",
      role: "assistant",
      model: "claude-sonnet-4-5",
      content: [{ type: "text", text: "hi" }],
      usage: { input_tokens: 10, output_tokens: 5, iterations },
    };
    const fields = read({
      ...FLAT,
      "output.value": JSON.stringify(answer),
      "llm.token_count.prompt": 110,
      "llm.token_count.completion": 5,
    });
    expect(fields.usage).toEqual([
      { model: "claude-sonnet-4-5", buckets: { input: 10, cache_read: 100, output: 5 }, quality: "reported" },
      { model: "claude-opus-4-5", buckets: { input: 20, output: 7 }, quality: "reported" },
    ]);
  });

  it("reads a retrieval's documents and drops the same ones in output.value", () => {
    const fields = read({
      "openinference.span.kind": "RETRIEVER",
      "input.value": "refunds",
      "output.value": '{"documents":[{"pageContent":"30 days","metadata":{"id":"doc-2"}}]}',
      "retrieval.documents.0.document.content": "30 days",
      "retrieval.documents.0.document.metadata": '{"id":"doc-2"}',
      "retrieval.documents.0.document.score": 0.5,
    });
    expect(fields.input).toEqual({ type: "text", text: "refunds" });
    expect(fields.output).toEqual({
      type: "documents",
      documents: [{ content: "30 days", score: 0.5, metadata: { id: "doc-2" } }],
    });
    expect(fields.consumed).toHaveLength(5);
  });

  it("reads what was embedded, and not the vectors", () => {
    const one = read({
      "openinference.span.kind": "EMBEDDING",
      "input.value": "refunds",
      "input.mime_type": "text/plain",
      "embedding.embeddings.0.embedding.text": "refunds",
      "embedding.embeddings.0.embedding.vector": [1, 2],
    });
    expect(one.input).toEqual({ type: "text", text: "refunds" });
    expect(one.output).toBeUndefined();
    expect(one.consumed).not.toContain("embedding.embeddings.0.embedding.vector");
    const two = read({
      "openinference.span.kind": "EMBEDDING",
      "input.value": '["a","b"]',
      "embedding.embeddings.0.embedding.text": "a",
      "embedding.embeddings.1.embedding.text": "b",
    });
    expect(two.input).toEqual({ type: "json", value: ["a", "b"] });
  });

  it("reads a rerank", () => {
    const fields = read({
      "openinference.span.kind": "RERANKER",
      "reranker.query": "refunds",
      "reranker.input_documents.0.document.id": "a",
      "reranker.output_documents.0.document.id": "a",
      "reranker.output_documents.0.document.score": 0.9,
    });
    expect(fields.input).toEqual({ type: "json", value: { query: "refunds", documents: [{ id: "a" }] } });
    expect(fields.output).toEqual({ type: "documents", documents: [{ id: "a", score: 0.9 }] });
  });

  it("leaves text alone that only looks like JSON, when the sender says that it is text", () => {
    const fields = read({
      "openinference.span.kind": "CHAIN",
      "input.value": "[1]",
      "input.mime_type": "text/plain",
      "output.value": "[1]",
    });
    expect(fields.input).toEqual({ type: "text", text: "[1]" });
    expect(fields.output).toEqual({ type: "json", value: [1] });
  });
});
