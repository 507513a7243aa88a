import type { Content } from "@telltale/model";
import { expect, test } from "vitest";
import { contentText, knownText, withText } from "./content-text.ts";

const said: Content = { type: "messages", messages: [{ role: "user", parts: [{ type: "text", content: "4111…" }] }] };

test("a content gives back the text that it was made of, as the sender wrote it", () => {
  const content = withText({ ...said }, '[ {"role": "user"} ]');
  expect(contentText(content)).toBe('[ {"role": "user"} ]');
  expect(content).toEqual(said);
});

test("a copy of a content does not take the text along: what was redacted in it stays redacted", () => {
  const told = withText({ ...said }, '[{"secret": "4111 1111 1111 1111"}]');
  const copy: Content = { ...told, messages: [] };
  expect(knownText(copy)).toBeUndefined();
  expect(contentText(copy)).toBe("[]");
});

test("a frozen content is written, whether its text is known or not", () => {
  const content: Content = Object.freeze({ type: "json", value: { n: 1 } });
  expect(contentText(content)).toBe('{"n":1}');
  expect(contentText(withText(content, '{ "n": 1 }'))).toBe('{ "n": 1 }');
});
