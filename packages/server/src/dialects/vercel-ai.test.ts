import type { AttributeValue } from "@telltale/model";
import { describe, expect, it } from "vitest";
import { spanRecord } from "../testing/span-record.ts";
import { vercelAi } from "./vercel-ai.ts";

const CALL = { "ai.operationId": "ai.generateText.doGenerate", "ai.model.id": "m", "ai.model.provider": "openai.chat" };

function read(attributes: Readonly<Record<string, AttributeValue>>): ReturnType<typeof vercelAi.read> {
  return vercelAi.read(spanRecord({ ...CALL, ...attributes }, { scope: "ai" }), []);
}

function bucketsOf(attributes: Readonly<Record<string, AttributeValue>>): unknown {
  return read(attributes).usage?.[0]?.buckets;
}

describe("vercel-ai", () => {
  it("reads the messages of the inner span and the prompt of the outer one", () => {
    const messages = [
      { role: "system", content: "Be terse." },
      { role: "user", content: [{ type: "text", text: "Weather?" }] },
      {
        role: "assistant",
        content: [{ type: "tool-call", toolCallId: "c", toolName: "look", input: { city: "Paris" } }],
      },
      {
        role: "tool",
        content: [
          { type: "tool-result", toolCallId: "c", toolName: "look", output: { type: "json", value: { sky: "blue" } } },
        ],
      },
    ];
    expect(read({ "ai.prompt.messages": JSON.stringify(messages) }).input).toEqual({
      type: "messages",
      messages: [
        { role: "system", parts: [{ type: "text", content: "Be terse." }] },
        { role: "user", parts: [{ type: "text", content: "Weather?" }] },
        { role: "assistant", parts: [{ type: "tool_call", id: "c", name: "look", arguments: { city: "Paris" } }] },
        { role: "tool", parts: [{ type: "tool_call_response", id: "c", response: { sky: "blue" } }] },
      ],
    });
    const outer = read({
      "ai.operationId": "ai.generateText",
      "ai.prompt": '{"system":"Be terse.","prompt":"Weather?"}',
    });
    expect(outer.input).toEqual({
      type: "messages",
      messages: [
        { role: "system", parts: [{ type: "text", content: "Be terse." }] },
        { role: "user", parts: [{ type: "text", content: "Weather?" }] },
      ],
    });
  });

  it("puts the parts of an answer together", () => {
    const fields = read({
      "ai.response.reasoning": "hm",
      "ai.response.text": "Let me see.",
      "ai.response.toolCalls": JSON.stringify([
        { toolCallType: "function", toolCallId: "c", toolName: "look", args: '{"city":"Paris"}' },
      ]),
      "ai.response.finishReason": "tool-calls",
    });
    expect(fields.output).toEqual({
      type: "messages",
      messages: [
        {
          role: "assistant",
          parts: [
            { type: "reasoning", content: "hm" },
            { type: "text", content: "Let me see." },
            { type: "tool_call", id: "c", name: "look", arguments: { city: "Paris" } },
          ],
          finish_reason: "tool-calls",
        },
      ],
    });
    expect(fields.finishReason).toBe("tool_call");
    expect(fields.provider).toBe("openai");
  });

  it.each([
    [
      "3 and 4",
      {
        "ai.usage.promptTokens": 25,
        "ai.usage.completionTokens": 23,
        "ai.response.providerMetadata": '{"openai":{"cachedPromptTokens":12,"reasoningTokens":3}}',
      },
    ],
    [
      "5",
      {
        "ai.usage.inputTokens": 25,
        "ai.usage.outputTokens": 23,
        "ai.usage.cachedInputTokens": 12,
        "ai.usage.reasoningTokens": 3,
      },
    ],
    [
      "6",
      {
        "ai.usage.inputTokens": 25,
        "ai.usage.outputTokens": 23,
        "ai.usage.inputTokenDetails.noCacheTokens": 13,
        "ai.usage.inputTokenDetails.cacheReadTokens": 12,
        "ai.usage.outputTokenDetails.reasoningTokens": 3,
        "ai.usage.outputTokenDetails.textTokens": 20,
      },
    ],
  ])("reads the usage of version %s", (_, attributes) => {
    expect(bucketsOf(attributes)).toEqual({ input: 13, cache_read: 12, output: 20, reasoning: 3 });
  });

  it("knows that version 5 counts Anthropic's cached tokens apart", () => {
    const attributes = {
      "ai.model.provider": "anthropic.messages",
      "ai.usage.inputTokens": 700,
      "ai.usage.outputTokens": 23,
      "ai.usage.cachedInputTokens": 512,
      "ai.response.providerMetadata": JSON.stringify({
        anthropic: { usage: { cache_creation_input_tokens: 128, cache_creation: { ephemeral_1h_input_tokens: 28 } } },
      }),
    };
    expect(bucketsOf(attributes)).toEqual({
      input: 700,
      cache_read: 512,
      cache_write: 100,
      cache_write_1h: 28,
      output: 23,
    });
  });

  it("takes NaN for not told", () => {
    expect(bucketsOf({ "ai.usage.promptTokens": NaN, "ai.usage.completionTokens": null })).toBeUndefined();
  });

  it("reads what was embedded out of its JSON", () => {
    const many = read({
      "ai.operationId": "ai.embedMany.doEmbed",
      "ai.values": ['"refunds"', '"shipping"'],
      "ai.usage.tokens": 7,
    });
    expect(many).toMatchObject({
      kind: "embedding",
      input: { type: "json", value: ["refunds", "shipping"] },
      usage: [{ buckets: { input: 7 } }],
    });
    expect(read({ "ai.operationId": "ai.embed", "ai.value": '"refunds"' }).input).toEqual({
      type: "text",
      text: "refunds",
    });
  });

  it("reads a tool call", () => {
    const fields = read({
      "ai.operationId": "ai.toolCall",
      "ai.toolCall.name": "look",
      "ai.toolCall.id": "c",
      "ai.toolCall.args": '{"a":1}',
      "ai.toolCall.result": '"blue"',
    });
    expect(fields).toMatchObject({
      kind: "tool",
      toolName: "look",
      toolCallId: "c",
      input: { value: { a: 1 } },
      output: { type: "text", text: "blue" },
    });
  });

  it("fills in beside version 7's own GenAI attributes, and speaks first elsewhere", () => {
    const claims = (attributes: Readonly<Record<string, AttributeValue>>, scope: string) =>
      vercelAi.claims(spanRecord(attributes, { scope }));
    expect(claims(CALL, "ai")).toBe(3);
    expect(claims({ "ai.usage.inputTokens": 1 }, "gen_ai")).toBe(1);
    expect(claims({ "gen_ai.operation.name": "chat" }, "gen_ai")).toBe(0);
  });
});
