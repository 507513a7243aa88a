import type { Content } from "@telltale/model";
import { describe, expect, it } from "vitest";
import { anyContent, messagesContent, withSystem } from "./content.ts";
import { contentText } from "./content-text.ts";

describe("contentText", () => {
  it("gives back the sender's JSON and makes it only where there is none", () => {
    const text = '{ "id": 12345678901234567890 }';
    const content = anyContent(text);
    expect(content && contentText(content)).toBe(text);
    const made: Content = { type: "json", value: { a: 1 } };
    expect(contentText(made)).toBe('{"a":1}');
    expect(contentText(made)).toBe(contentText(made));
  });

  it("makes lone surrogates storable", () => {
    expect(contentText({ type: "text", text: "a\ud83d" })).toBe("a\ufffd");
  });

  it("survives nesting that the parser takes and the writer does not", () => {
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    const content = anyContent(deep);
    expect(content && contentText(content)).toBe(deep);
    const value = JSON.parse(deep) as never;
    expect(contentText({ type: "json", value })).toBe("null");
  });

  it("puts a system message into the sender's text without writing the rest again", () => {
    const text = ' [{"role":"user","parts":[{"type":"text","content":"\\u00e9"}]}]';
    const content = withSystem(messagesContent(text, "user"), [{ type: "text", content: "Be terse." }]);
    expect(content && contentText(content)).toBe(
      '[{"role":"system","parts":[{"type":"text","content":"Be terse."}]},{"role":"user","parts":[{"type":"text","content":"\\u00e9"}]}]',
    );
  });
});
