import fc from "fast-check";
import { expect, it } from "vitest";
import { LiftedJson } from "./lifted-json.ts";

/** Texts around the length from which they are lifted, with everything that is escaped in JSON or takes several bytes. */
const texts = fc
  .array(fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom('"', "\\", "\n", " word ", "東京", "\u2028")))
  .map((pieces) => pieces.join("").repeat(40));
const long = fc.constantFrom("Some words. ".repeat(300), `He said "yes" \\ and\n${"went on. ".repeat(300)}`);
const messages = fc.array(
  fc.record({
    role: fc.string(),
    content: fc.oneof(texts, long, fc.array(fc.record({ type: fc.constant("text"), text: fc.oneof(texts, long) }))),
    other: fc.oneof(fc.jsonValue(), long),
  }),
  { maxLength: 4 },
);

it("gives back in any JSON of the value exactly what was lifted", () => {
  fc.assert(
    fc.property(messages, (value) => {
      const json = JSON.stringify(value);
      const lifted = new LiftedJson(Buffer.from(json));
      const restored: unknown = JSON.parse(String(lifted.restored(JSON.stringify({ parts: lifted.value }))));
      expect(restored).toEqual({ parts: JSON.parse(json) as unknown });
    }),
    { numRuns: 200 },
  );
});

it("lifts a long prompt, and reads what is short or may be media", () => {
  const content = "Some words. ".repeat(300);
  const url = `data:text/plain,${content}`;
  const base64 = "QUJD".repeat(2000);
  const request = { content, text: url, parts: [{ text: base64 }, { content: "short" }], url: content };
  const { value, isLifted } = new LiftedJson(Buffer.from(JSON.stringify(request)));
  expect(isLifted).toBe(true);
  expect(value).toMatchObject({ ...request, content: expect.stringMatching(/^telltale-text-[0-9a-f]{16}-0;$/) });
});

it("gives the text itself where one stands outside of JSON", () => {
  const content = `"Some" words.\n${"More. ".repeat(500)}`;
  const lifted = new LiftedJson(Buffer.from(JSON.stringify({ content })));
  const { content: mark } = lifted.value as { content: string };
  expect(mark).not.toBe(content);
  expect(String(lifted.restored(`${mark} and ${mark}`))).toBe(`${content} and ${content}`);
});

it("leaves alone what is no JSON, or nothing but quotes", () => {
  const quotes = '"" '.repeat(4000);
  for (const text of ["", '{"content":"', "{".repeat(9000), `{"content":"${"a b".repeat(3000)}`, quotes]) {
    const lifted = new LiftedJson(Buffer.from(text));
    expect([lifted.value, lifted.isLifted]).toEqual([undefined, false]);
  }
  const many = { content: quotes };
  expect(new LiftedJson(Buffer.from(JSON.stringify(many))).value).toEqual(many);
});
