import fc from "fast-check";
import { expect, test } from "vitest";
import { messageEvents, messageOfEvents } from "../anthropic/message-stream.ts";
import { serverSentEvents } from "../json/server-sent-events.ts";
import { ollamaAnswerOf } from "../ollama/answer.ts";
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

const said = fc.record(
  {
    content: text,
    thinking: text,
    tool_calls: fc.constant([{ function: { name: "f", arguments: {} } }]),
    images: fc.constant([]),
  },
  { requiredKeys: ["content"] },
);
const line = fc.oneof(
  { weight: 8, arbitrary: fc.record({ message: said, done: fc.constantFrom(false, false, true) }) },
  fc.record({ response: text, done: fc.boolean(), image: fc.constant("aa") }, { requiredKeys: ["response"] }),
  fc.record({ content: text, message: fc.constantFrom({}, { content: "" }) }),
  fc.record({ error: text }),
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

type Write = (events: readonly string[]) => string;
const asEvents: Write = (events) => events.map((json) => `data: ${json}\n\n`).join("");
const asLines: Write = (events) => events.join("\n");

const jsonOf = (event: object): string => JSON.stringify(event);
/** Of no two events the same: what comes of them is parsed from each. */
const unlikeJsonOf = (event: object, index: number): string => jsonOf(event).replace("{", `{${" ".repeat(index + 1)}`);

/** The same event with another text, wherever it has one. */
function withText(event: object, text: string): object {
  return Object.fromEntries(
    Object.entries(event).map(([name, value]: [string, unknown]) => {
      if (TEXTS.has(name) && typeof value === "string") return [name, text];
      return [name, typeof value === "object" && value !== null && INSIDE.has(name) ? withText(value, text) : value];
    }),
  );
}
const TEXTS = new Set(["text", "thinking", "partial_json", "delta", "content", "response"]);
const INSIDE = new Set(["delta", "message"]);

/** An answer without what means nothing, and the place of its first content, which depends on how pieces are written. */
const told = (answer: object): string =>
  JSON.stringify(answer, (name, value: unknown) => (UNTOLD.has(name) ? undefined : value));
const UNTOLD = new Set(["firstContentAt", "obfuscation", "created_at"]);

/** What differs in each piece of a stream and means nothing. */
const filler = (index: number): object => ({ obfuscation: "ab".slice(index % 3) });
const numbers = (index: number): object => ({ sequence_number: index, ...filler(index) });
const times = (index: number): object => ({ created_at: `2026-11-26T12:00:00.${index}Z` });

/** Of the last object it is the counts that matter; its text is told with the whole. */
function ollamaAnswer(body: string): object {
  const { last, ...answer } = ollamaAnswerOf(body) ?? { last: undefined };
  return { ...answer, last: typeof last === "object" && last !== null ? withText(last, "") : last };
}

test.each([
  ["chat", asEvents, chunks, filler, chatAnswerOfStream],
  ["response", asEvents, streamsOf(event, withText), numbers, responsesAnswerOfStream],
  [
    "message",
    asEvents,
    streamsOf(messageEvent, withText),
    () => ({}),
    (body: string) => messageOfEvents(messageEvents(serverSentEvents(body))),
  ],
  ["chat of Ollama", asLines, streamsOf(line, withText), times, ollamaAnswer],
])("pieces of a %s that are alike come to what they come to when each is parsed", (_, write, streams, beside, read) => {
  fc.assert(
    fc.property(streams, (events) => {
      const pieces = events.map((each, index) => ({ ...each, ...beside(index) }));
      const [alike, unlike] = [pieces.map(jsonOf), pieces.map(unlikeJsonOf)];
      expect(told(read(write(alike)))).toBe(told(read(write(unlike))));
    }),
    { numRuns: 500 },
  );
});

test("the first content is where the first text ends, alike or not", () => {
  const pieces = ["", "", "word", "more"].map((content) => ({ choices: [{ index: 0, delta: { content } }] }));
  const json = pieces.map(jsonOf);
  expect(chatAnswerOfStream(asEvents(json)).firstContentAt).toBe(asEvents(json.slice(0, 3)).length - 1);
});
