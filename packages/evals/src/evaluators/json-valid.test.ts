import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonValid } from "./json-valid.ts";

test("1 for any JSON text", () => {
  fc.assert(
    fc.property(fc.json(), (output) => {
      expect(jsonValid.judge({ output })).toMatchObject({ value: 1 });
    }),
  );
});

test.each(["", "{", "{'a': 1}", "Here you are: {}", "{} {}", "undefined", "[1,]"])("0 for %j", (output) => {
  expect(jsonValid.judge({ output })).toMatchObject({ value: 0, label: "invalid" });
});

test("says so when the only fault is a fence around it", async () => {
  const { explanation } = await jsonValid.judge({ output: '```json\n{"a":1}\n```' });
  expect(explanation).toContain("Markdown fence");
});

test("1 for an answer that is a value already, and null for none", () => {
  expect(jsonValid.judge({ output: { a: 1 } })).toMatchObject({ value: 1 });
  expect(jsonValid.judge({ output: undefined })).toMatchObject({ value: null });
});
