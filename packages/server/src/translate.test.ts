import type { AttributeValue, Span } from "@telltale/model";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentText } from "./dialect/content-text.ts";
import { hostileSpan, recordedSpans } from "./testing/hostile-span.ts";
import { eventRecord, logRecord, type RecordParts, spanRecord, valueOf } from "./testing/span-record.ts";
import { previewOf, translate } from "./translate.ts";

function told(attributes: Readonly<Record<string, AttributeValue>>, parts?: RecordParts): Span {
  return translate(spanRecord(attributes, parts), [], { project: "", receivedAt: 0n });
}

const CHAT = { "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o" };
const QUESTION = [{ role: "user", parts: [{ type: "text", content: "Why is the sea salt?" }] }];

describe("translate", () => {
  it("turns a GenAI span into the canonical one and keeps what it does not understand", () => {
    const span = told(
      {
        ...CHAT,
        "gen_ai.response.model": "gpt-4o-2024-08-06",
        "gen_ai.response.id": "chatcmpl-1",
        "gen_ai.response.finish_reasons": ["tool_calls"],
        "gen_ai.response.time_to_first_chunk": 0.25,
        "openai.response.service_tier": "default",
        "gen_ai.usage.input_tokens": 100,
        "gen_ai.usage.output_tokens": 40,
        "gen_ai.usage.cache_read.input_tokens": 64,
        "gen_ai.usage.reasoning.output_tokens": 10,
        "gen_ai.input.messages": JSON.stringify(QUESTION),
        "gen_ai.request.temperature": 0.5,
        "my.own": ["kept"],
      },
      { resource: { "service.name": "shop" } },
    );
    expect(span).toMatchObject({
      kind: "llm",
      operation: "chat",
      provider: "openai",
      requestModel: "gpt-4o",
      responseModel: "gpt-4o-2024-08-06",
      responseId: "chatcmpl-1",
      serviceTier: "default",
      finishReason: "tool_call",
      timeToFirstToken: 250_000_000n,
      serviceName: "shop",
      project: "default",
      dialect: "gen-ai/5",
      usage: [{ buckets: { input: 36, cache_read: 64, output: 30, reasoning: 10 }, quality: "reported" }],
      input: { type: "messages", messages: QUESTION },
    });
    expect(span.attributes.get("my.own")).toEqual(["kept"]);
    expect(span.attributes.get("gen_ai.request.temperature")).toBe(0.5);
    expect(span.attributes.has("gen_ai.input.messages")).toBe(false);
  });

  it("believes our SDK about the library that told a span, and nobody else", () => {
    const attributes = { "otel.scope.name": "ai", "otel.scope.version": "7.0.0" };
    const joined = told(attributes, { scope: "@telltale/sdk" });
    expect(joined).toMatchObject({ scopeName: "ai", scopeVersion: "7.0.0" });
    expect(told(attributes, { scope: "other" }).scopeName).toBe("other");
  });

  it("keeps every attribute of a span that nobody claims", () => {
    const span = told({ "http.request.method": "GET", nested: valueOf({ a: [1] }) });
    expect(span).toMatchObject({ kind: "span", dialect: "", usage: [], tags: [] });
    expect([...span.attributes.keys()]).toEqual(["http.request.method", "nested"]);
  });

  it.each([
    ["the request's", "mine", { "telltale.project": "theirs" }, "mine"],
    ["the resource's", "", { "telltale.project": "theirs" }, "theirs"],
    ["OpenInference's", "", { "openinference.project.name": "phoenix" }, "phoenix"],
    ["the default one", "", {}, "default"],
  ])("puts a span into %s project", (_, project, resource, expected) => {
    const record = spanRecord(CHAT, { resource: resource as Record<string, string> });
    expect(translate(record, [], { project, receivedAt: 0n }).project).toBe(expected);
  });

  it("lets the surest dialect speak and the others fill what it leaves open", () => {
    const span = told(
      {
        ...CHAT,
        "gen_ai.input.messages": JSON.stringify(QUESTION),
        "gen_ai.usage.input_tokens": 18,
        "gen_ai.usage.output_tokens": 5,
        "gen_ai.usage.cache_read.input_tokens": 12,
        "traceloop.workflow.name": "w",
      },
      { scope: "@traceloop/instrumentation-anthropic", scopeVersion: "0.27.0" },
    );
    expect(span.dialect).toBe("openllmetry/1");
    expect(span.usage).toEqual([{ buckets: { input: 18, cache_read: 12, output: 5 }, quality: "reported" }]);
    expect(span.requestModel).toBe("gpt-4o");
    expect(span.input).toMatchObject({ messages: QUESTION });
  });

  it("keeps the attributes of a less sure dialect that tells something else", () => {
    const span = told(
      {
        "ai.operationId": "ai.generateText.doGenerate",
        "ai.prompt.messages": JSON.stringify([
          { role: "user", content: "a" },
          { role: "tool", content: [] },
        ]),
        "openinference.span.kind": "LLM",
        "llm.input_messages.0.message.role": "user",
        "llm.input_messages.0.message.content": "a",
      },
      { scope: "ai" },
    );
    expect(span.dialect).toBe("vercel-ai/1");
    expect(span.attributes.get("llm.input_messages.0.message.content")).toBe("a");
  });

  it.each([
    ["unset", 0, {}, undefined],
    ["ok", 1, {}, undefined],
    ["error", 2, {}, undefined],
    ["error", 0, { "error.type": "tool_error" }, "tool_error"],
    ["ok", 1, { "error.type": "retried" }, undefined],
  ])("has status %s for OTLP status %i and %o", (status, statusCode, attributes, errorType) => {
    const span = told(attributes as Record<string, string>, { statusCode });
    expect(span.status).toBe(status);
    expect(span.errorType).toBe(errorType);
  });

  it("tells an error by its exception where nothing else does", () => {
    const events = [eventRecord("exception", { "exception.type": "RangeError", "exception.message": "too far" })];
    expect(told({}, { statusCode: 2, events })).toMatchObject({ errorType: "RangeError", errorMessage: "too far" });
    expect(told({}, { statusCode: 2, statusMessage: "no", events }).errorMessage).toBe("no");
    expect(told({}, { statusCode: 0, events })).toMatchObject({ status: "error", errorType: "RangeError" });
    expect(told({}, { statusCode: 1, events }).status).toBe("ok");
  });

  it("leaves embedding vectors out and says how many", () => {
    const vector = Array.from({ length: 1536 }, (_, index) => index / 7);
    const span = told({
      "embedding.embeddings.0.embedding.vector": vector,
      "ai.embeddings": [JSON.stringify(vector), JSON.stringify(vector)],
      "db.vector.query.embeddings.vector": [0.1, 0.2],
    });
    expect(span.attributes.get("telltale.dropped.vectors")).toBe(3);
    expect([...span.attributes.keys()]).toEqual(["db.vector.query.embeddings.vector", "telltale.dropped.vectors"]);
  });

  it("leaves vectors out of events too", () => {
    const vector = Array.from({ length: 64 }, () => 0.5);
    const events = [eventRecord("db.query.embeddings", { "db.query.embeddings.vector": vector, id: "a" })];
    const span = told({}, { events });
    expect([...(span.events[0]?.attributes ?? [])]).toEqual([["id", "a"]]);
    expect(span.attributes.get("telltale.dropped.vectors")).toBe(1);
  });

  it("says how many attributes the sender dropped", () => {
    expect(told({}, { droppedAttributes: 134 }).attributes.get("telltale.sender.dropped_attributes")).toBe(134);
  });

  it.each(["__REDACTED__", "<REDACTED>", "[Scrubbed due to 'password']"])("knows that %s is hidden content", (text) => {
    const span = told({
      ...CHAT,
      "gen_ai.input.messages": text,
      "gen_ai.output.messages": JSON.stringify([{ role: "assistant", content: text }]),
    });
    expect(span.input).toEqual({ type: "masked" });
    expect(span.output).toEqual({ type: "masked" });
    expect(previewOf({ type: "masked" }) + contentText({ type: "masked" })).toBe("");
  });

  it("answers the same whether the log records are there from the start or come later", () => {
    const record = spanRecord(CHAT);
    const logs = [
      logRecord("gen_ai.user.message", valueOf({ content: "Why is the sea salt?" })),
      logRecord("gen_ai.choice", valueOf({ index: 0, finish_reason: "stop", message: { content: "Rivers." } })),
    ];
    const context = { project: "", receivedAt: 0n };
    expect(translate(record, [], context).input).toBeUndefined();
    expect(translate(record, logs, context)).toMatchObject({
      input: { type: "messages", messages: QUESTION },
      output: {
        messages: [{ role: "assistant", parts: [{ type: "text", content: "Rivers." }], finish_reason: "stop" }],
      },
      finishReason: "stop",
    });
  });

  it("gives one cached call the same buckets in every vocabulary", () => {
    const inclusive = {
      "gen_ai.usage.input_tokens": 658,
      "gen_ai.usage.cache_read.input_tokens": 512,
      "gen_ai.usage.output_tokens": 23,
    };
    const written = { "gen_ai.usage.cache_write.input_tokens": 128 };
    const spans = [
      told({ ...CHAT, ...inclusive, ...written }),
      told({ ...CHAT, ...inclusive, "gen_ai.usage.cache_creation.input_tokens": 128 }),
      told(
        { ...CHAT, ...inclusive, ...written, "gen_ai.usage.input_tokens": 18 },
        { scope: "@openlit/instrumentation-anthropic" },
      ),
      told({ ...CHAT, ...inclusive, ...written, "gen_ai.usage.input_tokens": 18 }),
      told({
        "openinference.span.kind": "LLM",
        "llm.token_count.prompt": 658,
        "llm.token_count.completion": 23,
        "llm.token_count.prompt_details.cache_read": 512,
        "llm.token_count.prompt_details.cache_write": 128,
      }),
      told({
        "ai.operationId": "ai.generateText.doGenerate",
        "ai.usage.inputTokens": 658,
        "ai.usage.outputTokens": 23,
        "ai.usage.inputTokenDetails.noCacheTokens": 18,
        "ai.usage.inputTokenDetails.cacheReadTokens": 512,
        "ai.usage.inputTokenDetails.cacheWriteTokens": 128,
      }),
      told({
        "ai.operationId": "ai.generateText.doGenerate",
        "ai.model.provider": "anthropic.messages",
        "ai.usage.inputTokens": 18,
        "ai.usage.outputTokens": 23,
        "ai.usage.cachedInputTokens": 512,
        "ai.response.providerMetadata": JSON.stringify({ anthropic: { cacheCreationInputTokens: 128 } }),
      }),
      told(
        {
          "langfuse.observation.type": "generation",
          "langfuse.observation.usage_details": JSON.stringify({
            input: 18,
            input_cached_tokens: 512,
            input_cache_creation: 128,
            output: 23,
          }),
        },
        { scope: "langfuse-sdk" },
      ),
      told({
        "langsmith.span.kind": "llm",
        "langsmith.usage_metadata": JSON.stringify({
          input_tokens: 658,
          output_tokens: 23,
          input_token_details: { cache_read: 512, cache_creation: 128 },
        }),
      }),
    ];
    for (const span of spans)
      expect(span.usage[0]?.buckets).toEqual({
        input: 18,
        cache_read: 512,
        cache_write: 128,
        output: 23,
      });
    expect(spans.map((span) => span.usage[0]?.quality)).toEqual(
      spans.map((_, index) => (index === 3 ? "inferred" : "reported")),
    );
  });

  it("takes any record without throwing or losing an attribute it does not understand", () => {
    const recorded = recordedSpans();
    fc.assert(
      fc.property(hostileSpan(recorded), ({ span, logs }) => {
        const attributes = new Map(span.attributes).set("my.own", "kept");
        const result = translate({ ...span, attributes }, logs, { project: "", receivedAt: 0n });
        for (const content of [result.input, result.output]) {
          if (!content) continue;
          expect(previewOf(content).length).toBeLessThanOrEqual(200);
          expect(contentText(content).isWellFormed()).toBe(true);
          if (content.type !== "text" && content.type !== "masked") JSON.parse(contentText(content));
        }
        expect(result.attributes.get("my.own")).toBe("kept");
        expect(result.dialect).toMatch(/^(?:[a-z-]+\/\d+)?$/);
      }),
      { numRuns: 400 },
    );
  });
});
