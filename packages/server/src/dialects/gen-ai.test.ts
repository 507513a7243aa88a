import type { AttributeValue } from "@telltale/model";
import { describe, expect, it } from "vitest";
import type { SpanFields } from "../dialect.ts";
import { contentText } from "../dialect/content-text.ts";
import { eventRecord, logRecord, type RecordParts, spanRecord, valueOf } from "../testing/span-record.ts";
import { genAi } from "./gen-ai.ts";

const CHAT = { "gen_ai.operation.name": "chat", "gen_ai.system": "openai", "gen_ai.request.model": "gpt-4o" };
const ASKED = [
  { role: "system", parts: [{ type: "text", content: "Be terse." }] },
  { role: "user", parts: [{ type: "text", content: "Weather?" }] },
];
const ANSWERED = [
  {
    role: "assistant",
    parts: [
      { type: "text", content: "Let me see." },
      { type: "tool_call", id: "call_1", name: "get_weather", arguments: { city: "Paris" } },
    ],
    finish_reason: "tool_calls",
  },
];

function read(
  attributes: Readonly<Record<string, AttributeValue>>,
  parts: RecordParts = {},
  logs: readonly ReturnType<typeof logRecord>[] = [],
): SpanFields {
  return genAi.read(spanRecord({ ...CHAT, ...attributes }, parts), logs);
}

function inputOf(value: AttributeValue): SpanFields["input"] {
  return read({ "gen_ai.input.messages": value }).input;
}

describe("gen-ai", () => {
  const openAi = [
    { role: "system", content: "Be terse." },
    { role: "user", content: [{ type: "text", text: "Weather?" }] },
  ];

  it.each([
    ["JSON", JSON.stringify(ASKED)],
    ["a structured value", valueOf(ASKED)],
    ["JSON of JSON", JSON.stringify(JSON.stringify(ASKED))],
    ["JSON of OpenAI's messages", JSON.stringify(openAi)],
    ["OpenAI's messages as a structured value", valueOf(openAi)],
  ])("reads messages from %s", (_, value) => {
    expect(inputOf(value)).toEqual({ type: "messages", messages: ASKED });
  });

  it("keeps the sender's text of messages that are in the canonical shape", () => {
    const text = `[ {"role":"user","parts":[{"type":"text","content":"\\u0041"}],"extra":1} ]`;
    const input = inputOf(text);
    expect(input && contentText(input)).toBe(text);
  });

  it("reads a bare text as what the user said", () => {
    expect(inputOf("Weather?")).toEqual({ type: "messages", messages: ASKED.slice(1) });
  });

  it("puts the system's words first, once", () => {
    const instructions = JSON.stringify([{ type: "text", content: "Be terse." }]);
    const user = JSON.stringify(ASKED.slice(1));
    for (const system of [instructions, "Be terse."]) {
      const fields = read({ "gen_ai.system_instructions": system, "gen_ai.input.messages": user });
      expect(fields.input).toEqual({ type: "messages", messages: ASKED });
      expect(fields.input && JSON.parse(contentText(fields.input))).toEqual(ASKED);
      expect(fields.consumed).toContain("gen_ai.system_instructions");
    }
    const twice = read({ "gen_ai.system_instructions": instructions, "gen_ai.input.messages": JSON.stringify(ASKED) });
    expect(twice.input).toEqual({ type: "messages", messages: ASKED });
  });

  it("reads the log events of one message each, of the conventions up to 1.36", () => {
    const call = { id: "call_1", type: "function", function: { name: "get_weather", arguments: '{"city":"Paris"}' } };
    const { input, output, finishReason } = read({}, {}, [
      logRecord("gen_ai.system.message", valueOf({ content: "Be terse." })),
      logRecord("gen_ai.user.message", valueOf({ content: "Weather?" })),
      logRecord("gen_ai.assistant.message", valueOf({ tool_calls: [call] })),
      logRecord("gen_ai.tool.message", valueOf({ id: "call_1", content: '{"sky":"blue"}' })),
      logRecord(
        "gen_ai.choice",
        valueOf({ index: 0, finish_reason: "tool_calls", message: { content: "Let me see.", tool_calls: [call] } }),
      ),
    ]);
    expect(input).toMatchObject({
      messages: [
        ...ASKED,
        {
          role: "assistant",
          parts: [{ type: "tool_call", id: "call_1", name: "get_weather", arguments: { city: "Paris" } }],
        },
        { role: "tool", parts: [{ type: "tool_call_response", id: "call_1", response: { sky: "blue" } }] },
      ],
    });
    expect(output).toEqual({ type: "messages", messages: ANSWERED });
    expect(finishReason).toBe("tool_call");
  });

  it("reads the same messages from span events, as Strands writes them", () => {
    const { input, output } = read(
      {},
      {
        events: [
          eventRecord("gen_ai.user.message", { content: JSON.stringify([{ text: "Weather?" }]) }),
          eventRecord("gen_ai.choice", { message: JSON.stringify([{ text: "Sunny." }]), finish_reason: "end_turn" }),
        ],
      },
    );
    expect(input).toEqual({ type: "messages", messages: ASKED.slice(1) });
    expect(output).toMatchObject({ messages: [{ role: "assistant", parts: [{ type: "text", content: "Sunny." }] }] });
  });

  it.each(["attributes", "body"])("reads operation.details from its %s, in several records", (place) => {
    const name = "gen_ai.client.inference.operation.details";
    const told: readonly Readonly<Record<string, AttributeValue>>[] = [
      { "gen_ai.input.messages": valueOf(ASKED), "gen_ai.response.id": "resp_1" },
      { "gen_ai.output.messages": valueOf([{ role: "assistant", parts: [{ type: "reasoning", content: "hm" }] }]) },
      { "gen_ai.output.messages": valueOf(ANSWERED) },
      { "gen_ai.output.messages": valueOf(ANSWERED) },
    ];
    const logs = told.map((each) =>
      place === "body" ? logRecord(name, new Map(Object.entries(each))) : logRecord(name, null, each),
    );
    const fields = read({}, {}, logs);
    expect(fields.responseId).toBe("resp_1");
    expect(fields.input).toMatchObject({ messages: ASKED });
    expect(fields.output).toEqual({
      type: "messages",
      messages: [{ role: "assistant", parts: [{ type: "reasoning", content: "hm" }] }, ...ANSWERED],
    });
  });

  it("has no content where the events come with empty bodies", () => {
    const fields = read({}, {}, [
      logRecord("gen_ai.user.message", new Map()),
      logRecord("gen_ai.choice", valueOf({ index: 0, finish_reason: "stop", message: {} })),
    ]);
    expect(fields.input).toBeUndefined();
    expect(fields.output).toBeUndefined();
    expect(fields.finishReason).toBe("stop");
  });

  it("reads whole requests and answers under gen_ai.prompt and gen_ai.completion", () => {
    const fields = read({
      "gen_ai.prompt": JSON.stringify({ model: "gpt-4o", messages: openAi }),
      "gen_ai.completion": JSON.stringify({
        choices: [{ message: { role: "assistant", content: "Sunny." }, finish_reason: "stop" }],
      }),
    });
    expect(fields.input).toEqual({ type: "messages", messages: ASKED });
    expect(fields.output).toMatchObject({
      messages: [{ parts: [{ type: "text", content: "Sunny." }], finish_reason: "stop" }],
    });
  });

  it("reads a tool's arguments and result", () => {
    const fields = read({
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "get_weather",
      "gen_ai.tool.call.id": "call_1",
      "gen_ai.tool.call.arguments": '{"city":"Paris"}',
      "gen_ai.tool.call.result": valueOf({ sky: "blue" }),
    });
    expect(fields).toMatchObject({
      kind: "tool",
      toolName: "get_weather",
      toolCallId: "call_1",
      input: { type: "json", value: { city: "Paris" } },
      output: { type: "json", value: { sky: "blue" } },
    });
  });

  it("reads the texts of an embedding out of messages, lists and bare text", () => {
    const read = (input: string) =>
      genAi.read(spanRecord({ "gen_ai.operation.name": "embeddings", "gen_ai.input.messages": input }), []).input;
    const messages = ["a", "b"].map((content) => ({ role: "user", parts: [{ type: "text", content }] }));
    expect(read(JSON.stringify(messages))).toEqual({ type: "json", value: ["a", "b"] });
    expect(read(JSON.stringify(messages.slice(1)))).toEqual({ type: "text", text: "b" });
    expect(read('["a","b"]')).toEqual({ type: "json", value: ["a", "b"] });
    expect(read("a")).toEqual({ type: "text", text: "a" });
  });

  it("reads a retrieval's query and documents", () => {
    const fields = read({
      "gen_ai.operation.name": "retrieval",
      "gen_ai.retrieval.query.text": "refunds",
      "gen_ai.retrieval.documents": valueOf([{ id: "doc-1", score: 0.5, content: "30 days" }]),
    });
    expect(fields).toMatchObject({
      kind: "retrieval",
      input: { type: "text", text: "refunds" },
      output: { type: "documents", documents: [{ id: "doc-1", score: 0.5, content: "30 days" }] },
    });
  });

  it("reads what a rerank was asked for, and the documents in their new order", () => {
    const attributes = {
      "gen_ai.operation.name": "rerank",
      "gen_ai.request.model": "rerank-v3.5",
      "gen_ai.retrieval.query.text": "refunds",
      "gen_ai.retrieval.documents": valueOf([
        { id: "1", score: 0.9, content: "30 days" },
        { id: "0", score: 0.1, content: "opening hours" },
      ]),
    };
    expect(read(attributes)).toMatchObject({
      kind: "rerank",
      input: { type: "text", text: "refunds" },
      output: {
        type: "documents",
        documents: [
          { id: "1", score: 0.9, content: "30 days" },
          { id: "0", score: 0.1, content: "opening hours" },
        ],
      },
      consumed: ["gen_ai.retrieval.query.text", "gen_ai.retrieval.documents"],
    });
  });

  it("reads a rerank's documents where no content was captured, and messages where there are no documents", () => {
    const rerank = { "gen_ai.operation.name": "rerank" };
    const scored = { ...rerank, "gen_ai.retrieval.documents": valueOf([{ id: "1", score: 0.9 }]) };
    expect(read(scored).output).toEqual({ type: "documents", documents: [{ id: "1", score: 0.9 }] });
    const asked = { ...rerank, "gen_ai.input.messages": valueOf([{ role: "user", content: "refunds" }]) };
    expect(read(asked).input).toMatchObject({ type: "messages" });
  });

  it("reads an MCP call", () => {
    const attributes = {
      "mcp.method.name": "tools/call",
      "gen_ai.tool.name": "fail",
      "gen_ai.tool.call.arguments": "{}",
    };
    expect(genAi.claims(spanRecord(attributes))).toBe(2);
    expect(genAi.read(spanRecord(attributes), [])).toMatchObject({
      kind: "mcp",
      toolName: "fail",
      input: { value: {} },
    });
  });

  it.each([
    [
      { "gen_ai.usage.prompt_tokens": 31, "gen_ai.usage.completion_tokens": 23 },
      { input: 31, output: 23 },
    ],
    [
      { "gen_ai.usage.input_tokens": "31", "gen_ai.usage.output_tokens": 23n },
      { input: 31, output: 23 },
    ],
    [
      {
        "gen_ai.usage.input_tokens": 50,
        "gen_ai.usage.audio.input_tokens": 20,
        "gen_ai.usage.cache_read.input_tokens": 15,
        "gen_ai.usage.audio.cache_read.input_tokens": 5,
      },
      { input: 20, input_audio: 15, cache_read: 10, cache_read_audio: 5 },
    ],
    [
      {
        "gen_ai.usage.input_tokens": 200,
        "gen_ai.usage.cache_write.input_tokens": 100,
        "anthropic.usage.cache_creation.ephemeral_1h_input_tokens": 40,
      },
      { input: 100, cache_write: 60, cache_write_1h: 40 },
    ],
    [
      { "gen_ai.usage.output_tokens": 16, "gen_ai.usage.reasoning_tokens": 1048 },
      { output: 16, reasoning: 1048 },
    ],
  ])("reads the tokens of %o", (attributes, buckets) => {
    expect(read(attributes as Record<string, AttributeValue>).usage?.[0]?.buckets).toEqual(buckets);
  });

  it.each([
    [{}],
    [{ "gen_ai.usage.input_tokens": null }],
    [{ "gen_ai.usage.input_tokens": -1 }],
    [{ "gen_ai.usage.input_tokens": 1.5 }],
  ])("knows no usage from %o", (attributes) => {
    expect(read(attributes).usage).toBeUndefined();
  });
});
