import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AlikeJson } from "./alike-json.ts";

const piece = (delta: string, number = 1): string =>
  JSON.stringify({ type: "delta", index: 0, delta, obfuscation: "x".repeat(number % 5), sequence_number: number });

describe("AlikeJson", () => {
  it("gives the text of JSON that differs in the named fields only", () => {
    const alike = new AlikeJson(["delta"], ["sequence_number", "obfuscation"]);
    alike.learn(piece("one"), "one");
    expect(alike.textIn(piece("another ☂ one", 1234))).toBe("another ☂ one");
    expect(alike.textIn(piece("", 3))).toBe("");
  });

  it("does not know JSON that differs elsewhere, is cut, or has more or an escape in it", () => {
    const alike = new AlikeJson(["delta"], ["sequence_number"]);
    alike.learn('{"delta":"a","sequence_number":1}', "a");
    for (const other of [
      '{"delta":"a","sequence_number":1',
      '{"delta":"a","sequence_number":1}}',
      '{"delta":"a","sequence_number":1.5}',
      '{"delta":"a","sequence_number":-1}',
      '{"delta":"a","more":true,"sequence_number":1}',
      '{"delta":"a\\n","sequence_number":1}',
      '{"delta":null,"sequence_number":1}',
      '{"delta":"a',
      "[DONE]",
      "",
    ])
      expect(alike.textIn(other)).toBeUndefined();
  });

  it("learns nothing where the field is not there once, with the text that was read", () => {
    for (const json of [
      '{"delta":"b"}',
      '{"delta":"a","x":{"delta":"a"}}',
      '{"other":"a"}',
      '{"delta":"a","e":"\\t"}',
    ]) {
      const alike = new AlikeJson(["delta"]);
      alike.learn(json, "a");
      expect(alike.textIn(json)).toBeUndefined();
    }
  });

  it("gives up learning from pieces of which none is like the last", () => {
    const alike = new AlikeJson(["delta"]);
    for (let index = 0; index < 20; index++) alike.learn(`{"delta":"a","n":${index}}`, "a");
    expect(alike.textIn('{"delta":"b","n":19}')).toBeUndefined();
  });

  it("gives what parsing would, whatever the texts are", () => {
    const made = fc.record({ delta: fc.string(), before: fc.constantFrom("", "b"), after: fc.constantFrom("", '"') });
    fc.assert(
      fc.property(fc.array(made, { maxLength: 20 }), fc.constantFrom(undefined, 1), (values, space) => {
        const alike = new AlikeJson(["delta"]);
        for (const value of values) {
          const json = JSON.stringify(value, undefined, space);
          const text = alike.textIn(json);
          if (text === undefined) alike.learn(json, value.delta);
          else expect(JSON.parse(json)).toMatchObject({ delta: text });
        }
      }),
    );
  });
});
