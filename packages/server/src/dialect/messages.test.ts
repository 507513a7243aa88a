import type { Json } from "@telltale/model";
import { messageSchema } from "@telltale/model";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { requestMessages, responseMessages } from "./exchange.ts";
import { areCanonical, messagesOf } from "./messages.ts";

const user = { role: "user", parts: [{ type: "text", content: "Weather?" }] };
const call = { role: "assistant", parts: [{ type: "tool_call", id: "c", name: "look", arguments: { city: "Paris" } }] };
const result = { role: "tool", parts: [{ type: "tool_call_response", id: "c", response: { sky: "blue" } }] };

describe("messagesOf", () => {
  it.each<[string, Json]>([
    [
      "OpenAI",
      [
        { role: "user", content: "Weather?" },
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id: "c", type: "function", function: { name: "look", arguments: '{"city":"Paris"}' } }],
        },
        { role: "tool", tool_call_id: "c", content: '{"sky":"blue"}' },
      ],
    ],
    [
      "the AI SDK",
      [
        { role: "user", content: [{ type: "text", text: "Weather?" }] },
        {
          role: "assistant",
          content: [{ type: "tool-call", toolCallId: "c", toolName: "look", args: { city: "Paris" } }],
        },
        {
          role: "tool",
          content: [{ type: "tool-result", toolCallId: "c", toolName: "look", result: { sky: "blue" } }],
        },
      ],
    ],
    [
      "LangChain",
      [
        [
          {
            lc: 1,
            type: "constructor",
            id: ["langchain_core", "messages", "HumanMessage"],
            kwargs: { content: "Weather?" },
          },
          {
            lc: 1,
            type: "constructor",
            id: ["langchain_core", "messages", "AIMessageChunk"],
            kwargs: { content: "", tool_calls: [{ id: "c", name: "look", args: { city: "Paris" } }] },
          },
          {
            lc: 1,
            type: "constructor",
            id: ["langchain_core", "messages", "ToolMessage"],
            kwargs: { content: '{"sky":"blue"}', tool_call_id: "c" },
          },
        ],
      ],
    ],
    [
      "OpenAI's responses API",
      [
        { role: "user", content: [{ type: "input_text", text: "Weather?" }] },
        { type: "function_call", call_id: "c", name: "look", arguments: '{"city":"Paris"}' },
        { type: "function_call_output", call_id: "c", output: '{"sky":"blue"}' },
      ],
    ],
  ])("reads the messages of %s", (_, value) => {
    expect(messagesOf(value)).toEqual([user, call, result]);
  });

  it("calls Gemini's model an assistant", () => {
    const contents: Json = [
      { role: "user", parts: [{ text: "Weather?" }] },
      { role: "model", parts: [{ text: "hm", thought: true }, { functionCall: { name: "look", args: {} } }] },
    ];
    expect(messagesOf(contents)).toEqual([
      user,
      {
        role: "assistant",
        parts: [
          { type: "reasoning", content: "hm" },
          { type: "tool_call", name: "look", arguments: {} },
        ],
      },
    ]);
  });

  it("reads Anthropic's results, which the user says", () => {
    const content = [{ type: "tool_result", tool_use_id: "c", content: "blue" }];
    expect(messagesOf([{ role: "user", content }])).toEqual([
      { role: "user", parts: [{ type: "tool_call_response", id: "c", response: "blue" }] },
    ]);
  });

  it("gives back the very list when it is canonical already", () => {
    const list: Json = [user, call, result];
    expect(areCanonical(list)).toBe(true);
    expect(messagesOf(list)).toBe(list);
  });

  it.each<[string, Json]>([
    ["a string", "hello"],
    ["an empty list", []],
    ["numbers", [1, 2]],
    ["documents", [{ id: "doc-1", text: "30 days" }]],
    ["null", [null]],
  ])("is not fooled by %s", (_, value) => {
    expect(messagesOf(value)).toBeUndefined();
  });

  it.each<[string, Json, unknown]>([
    [
      "an image by URL",
      { type: "image_url", image_url: { url: "https://x/y.png" } },
      { type: "uri", modality: "image", uri: "https://x/y.png" },
    ],
    [
      "an image by data URL",
      { type: "input_image", image_url: "data:image/png;base64,AA" },
      { type: "blob", mime_type: "image/png", modality: "image", content: "AA" },
    ],
    [
      "Anthropic's image",
      { type: "image", source: { type: "base64", media_type: "image/png", data: "AA" } },
      { type: "blob", mime_type: "image/png", modality: "image", content: "AA" },
    ],
    [
      "the AI SDK's image",
      { type: "image", image: "AA", mediaType: "image/png" },
      { type: "blob", mime_type: "image/png", modality: "image", content: "AA" },
    ],
    [
      "audio",
      { type: "input_audio", input_audio: { data: "AA", format: "wav" } },
      { type: "blob", modality: "audio", content: "AA" },
    ],
    [
      "a file",
      { type: "file", file_id: "f-1", modality: "document" },
      { type: "file", modality: "document", file_id: "f-1" },
    ],
    ["thinking", { type: "thinking", thinking: "hm" }, { type: "reasoning", content: "hm" }],
    [
      "a summary of reasoning",
      { type: "reasoning", summary: [{ type: "summary_text", text: "hm" }] },
      { type: "reasoning", content: "hm" },
    ],
    [
      "Gemini's call",
      { functionCall: { name: "look", args: { a: 1 } } },
      { type: "tool_call", name: "look", arguments: { a: 1 } },
    ],
    [
      "Bedrock's call",
      { toolUse: { toolUseId: "c", name: "look", input: { a: 1 } } },
      { type: "tool_call", id: "c", name: "look", arguments: { a: 1 } },
    ],
    ["an unknown part", { type: "hologram", x: 1 }, { type: "generic", value: { type: "hologram", x: 1 } }],
  ])("reads %s", (_, part, expected) => {
    expect(messagesOf([{ role: "user", content: [part] }])?.[0]?.parts).toEqual([expected]);
  });

  it("makes valid messages or none of any JSON", () => {
    const keys = fc.constantFrom(
      "role",
      "content",
      "parts",
      "type",
      "text",
      "tool_calls",
      "function",
      "name",
      "arguments",
      "kwargs",
      "id",
      "messages",
      "choices",
      "message",
      "output",
      "__proto__",
    );
    const { json } = fc.letrec<{ json: Json }>((tie) => ({
      json: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom<Json>("user", "text", "tool_call", "image", "", null, 1, true),
        fc.array(tie("json"), { maxLength: 3 }),
        fc.dictionary(keys, tie("json"), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(json, (value) => {
        for (const messages of [messagesOf(value), requestMessages(value), responseMessages(value)])
          for (const message of messages ?? []) messageSchema.parse(message);
      }),
      { numRuns: 500 },
    );
  });
});

describe("responseMessages", () => {
  it.each<[string, Json]>([
    ["OpenAI", { choices: [{ index: 0, message: { role: "assistant", content: "Sunny." }, finish_reason: "stop" }] }],
    ["Gemini", { candidates: [{ content: { parts: [{ text: "Sunny." }] }, finishReason: "stop" }] }],
    [
      "Anthropic",
      { type: "message", role: "assistant", content: [{ type: "text", text: "Sunny." }], stop_reason: "stop" },
    ],
  ])("reads the answer of %s", (_, value) => {
    expect(responseMessages(value)).toEqual([
      { role: "assistant", parts: [{ type: "text", content: "Sunny." }], finish_reason: "stop" },
    ]);
  });

  it.each<[string, Json]>([
    [
      "OpenAI's responses API",
      { output: [{ type: "message", role: "assistant", content: [{ type: "output_text", text: "Sunny." }] }] },
    ],
    [
      "LangChain",
      { generations: [[{ text: "Sunny.", message: { id: ["AIMessage"], kwargs: { content: "Sunny." } } }]] },
    ],
    ["the AI SDK", { text: "Sunny.", toolCalls: [] }],
  ])("reads the answer of %s", (_, value) => {
    expect(responseMessages(value)).toEqual([{ role: "assistant", parts: [{ type: "text", content: "Sunny." }] }]);
  });
});
