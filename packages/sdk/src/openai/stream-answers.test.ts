import fc from "fast-check";
import { expect, test } from "vitest";
import { chatAnswerOfStream } from "./chat-answer.ts";
import { responsesAnswerOfStream } from "./responses-answer.ts";

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

/** Streams of few pieces that come again with other texts: pieces made each by itself are never alike. */
const streamsOf = <T extends object>(piece: fc.Arbitrary<T>, withText: (piece: T, text: string) => object) =>
  fc
    .array(piece, { minLength: 1, maxLength: 3 })
    .chain((pieces) => fc.array(fc.tuple(fc.constantFrom(...pieces), text), { maxLength: 20 }))
    .map((all) => all.map(([each, more]) => withText(each, more)));

const chunks = streamsOf(chunk, (each, content) => ({
  ...each,
  choices: each.choices.map((one) => ({
    ...one,
    delta: "content" in one.delta ? { ...one.delta, content } : one.delta,
  })),
}));
const events = streamsOf(event, (each, more) => ("delta" in each ? { ...each, delta: more } : each));

const sent = (json: string): string => `data: ${json}\n\n`;
const streamOf = (events: readonly object[]): string => events.map((each) => sent(JSON.stringify(each))).join("");
/** The same events, no two of them written alike: what comes of them is parsed from each. */
const unlikeStreamOf = (events: readonly object[]): string =>
  events.map((each, index) => sent(`${" ".repeat(index + 1)}${JSON.stringify(each)}`)).join("");

test("a chat's pieces that are alike come to what they come to when each is parsed", () => {
  fc.assert(
    fc.property(chunks, (told) => {
      const { firstContentAt: _, ...answer } = chatAnswerOfStream(streamOf(told));
      const { firstContentAt: __, ...expected } = chatAnswerOfStream(unlikeStreamOf(told));
      expect(answer).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

test("the events of a response that are alike come to what they come to when each is parsed", () => {
  fc.assert(
    fc.property(events, (told) => {
      const numbered = told.map((each, index) => ({
        ...each,
        sequence_number: index,
        obfuscation: "ab".slice(index % 3),
      }));
      const { firstContentAt: _, ...answer } = responsesAnswerOfStream(streamOf(numbered));
      const { firstContentAt: __, ...expected } = responsesAnswerOfStream(unlikeStreamOf(numbered));
      expect(answer).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

test("the first content is where the first text ends, alike or not", () => {
  const told = ["", "", "word", "more"].map((content) => ({ choices: [{ index: 0, delta: { content } }] }));
  expect(chatAnswerOfStream(streamOf(told)).firstContentAt).toBe(streamOf(told.slice(0, 3)).length - 1);
});
