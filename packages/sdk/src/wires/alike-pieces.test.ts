import fc from "fast-check";
import { expect, test } from "vitest";
import { messageEvents, messageOfEvents } from "../anthropic/message-stream.ts";
import { serverSentEvents } from "../json/server-sent-events.ts";
import { chatAnswerOfStream } from "../openai/chat-answer.ts";
import { responsesAnswerOfStream } from "../openai/responses-answer.ts";

const text = fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom("", "word", "two words", "\n", '"', "ü☂"));
const orNull = <T>(each: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(each);

const delta = fc.oneof(
  { weight: 8, arbitrary: fc.record({ content: text }) },
  fc.record({ role: fc.constant("assistant"), content: orNull(text), refusal: orNull(text) }, { requiredKeys: [] }),
  fc.record({ content: text, reasoning_content: text }),
  fc.record({ content: text, tool_calls: fc.constant([{ index: 0, id: "c", function: { arguments: "{}" } }]) }),
);
const choice = fc.record({
  index: fc.constantFrom(0, 0, 0, 1),
  delta,
  finish_reason: fc.constantFrom(null, null, "stop"),
});
const chunk = fc.record(
  {
    id: fc.constant("chatcmpl-1"),
    choices: fc.oneof({ weight: 8, arbitrary: choice.map((each) => [each]) }, fc.array(choice, { maxLength: 2 })),
    usage: fc.constantFrom(null, { prompt_tokens: 1 }, { prompt_tokens: 2 }),
    error: fc.constantFrom("down"),
  },
  { requiredKeys: ["id", "choices"] },
);

const event = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constantFrom("response.output_text.delta", "response.function_call_arguments.delta"),
      output_index: fc.constantFrom(0, 0, 0, 1),
      delta: text,
    }),
  },
  fc.record({
    type: fc.constantFrom("response.output_item.added", "response.output_item.done"),
    output_index: fc.constantFrom(0, 1),
    item: fc.constantFrom({ type: "message", content: [] }, { type: "function_call", name: "f" }),
  }),
);

const blockDelta = fc.oneof(
  fc.record({ type: fc.constant("text_delta"), text }),
  fc.record({ type: fc.constant("thinking_delta"), thinking: text }),
  fc.record({ type: fc.constant("input_json_delta"), partial_json: text }),
  fc.record({ text, partial_json: text }),
);
const messageEvent = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant("content_block_delta"),
      index: fc.constantFrom(0, 0, 1),
      delta: blockDelta,
    }),
  },
  fc.record({
    type: fc.constant("content_block_start"),
    index: fc.constantFrom(0, 1),
    content_block: fc.constantFrom({ type: "text", text: "a" }, { type: "thinking", thinking: "" }),
  }),
  fc.record({
    type: fc.constant("message_delta"),
    delta: fc.record({ stop_reason: fc.constant("end_turn"), text }),
    usage: fc.constantFrom({ output_tokens: 1 }, { output_tokens: 2 }),
  }),
);

/** Streams of few pieces that come again with other texts: pieces made each by itself are never alike. */
const streamsOf = <T extends object>(piece: fc.Arbitrary<T>, put: (piece: T, text: string) => object) =>
  fc
    .array(piece, { minLength: 1, maxLength: 3 })
    .chain((pieces) => fc.array(fc.tuple(fc.constantFrom(...pieces), text), { maxLength: 20 }))
    .map((all) => all.map(([each, more]) => put(each, more)));

const chunks = streamsOf(chunk, (each, content) => ({
  ...each,
  choices: each.choices.map((one) => ({
    ...one,
    delta: "content" in one.delta ? { ...one.delta, content } : one.delta,
  })),
}));

const sent = (json: string): string => `data: ${json}\n\n`;
const streamOf = (events: readonly object[]): string => events.map((each) => sent(JSON.stringify(each))).join("");
/** The same events, no two of them written alike: what comes of them is parsed from each. */
const unlikeStreamOf = (events: readonly object[]): string =>
  events.map((each, index) => sent(`${" ".repeat(index + 1)}${JSON.stringify(each)}`)).join("");

function withText<T extends object>(event: T, more: string): object {
  const delta: unknown = "delta" in event ? event.delta : undefined;
  if (typeof delta === "string") return { ...event, delta: more };
  if (typeof delta !== "object" || delta === null) return event;
  const name = "text" in delta ? "text" : "thinking" in delta ? "thinking" : "partial_json";
  return { ...event, delta: { ...delta, [name]: more } };
}

/** An answer but for the place of its first content, which differs where the same is written otherwise. */
const placeless = (answer: object): object => ({ ...answer, firstContentAt: undefined });

test.each([
  ["chat", chunks, chatAnswerOfStream],
  ["response", streamsOf(event, withText), responsesAnswerOfStream],
  [
    "message",
    streamsOf(messageEvent, withText),
    (body: string) => messageOfEvents(messageEvents(serverSentEvents(body))),
  ],
])("pieces of a %s that are alike come to what they come to when each is parsed", (name, streams, read) => {
  fc.assert(
    fc.property(streams, (told) => {
      const numbered = told.map((each, index) =>
        name === "response" ? { ...each, sequence_number: index, obfuscation: "ab".slice(index % 3) } : each,
      );
      expect(placeless(read(streamOf(numbered)))).toEqual(placeless(read(unlikeStreamOf(numbered))));
    }),
    { numRuns: 500 },
  );
});

test("the first content is where the first text ends, alike or not", () => {
  const told = ["", "", "word", "more"].map((content) => ({ choices: [{ index: 0, delta: { content } }] }));
  expect(chatAnswerOfStream(streamOf(told)).firstContentAt).toBe(streamOf(told.slice(0, 3)).length - 1);
});
