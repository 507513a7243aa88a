import fc from "fast-check";
import { expect, it } from "vitest";
import { attributesJson } from "./attributes-json.ts";
import { flatten } from "./record-of-row.ts";

it("writes every type so that JSON reads it, with 64-bit integers exact", () => {
  const attributes = new Map<string, never>([
    ["text", 'a"b\\\u0000\u2028' as never],
    ["whole", 42 as never],
    ["large", 9223372036854775807n as never],
    ["fraction", 1.5 as never],
    ["none", null as never],
    ["odd", Number.NaN as never],
    ["bytes", new Uint8Array([1, 2]) as never],
    ["list", ["x", 1, true] as never],
    ["map", new Map([["__proto__", "kept"]]) as never],
  ]);
  const text = attributesJson(attributes);
  expect(text).toContain('"large":9223372036854775807');
  expect(JSON.parse(text)).toMatchObject({
    text: 'a"b\\\u0000\u2028',
    odd: "NaN",
    bytes: "AQI=",
    list: ["x", 1, true],
  });
  expect(text).toContain('"__proto__":"kept"');
  expect(({} as { kept?: string }).kept).toBeUndefined();
});

it("replaces lone surrogates and empty path steps, which the engine would refuse", () => {
  expect(attributesJson(new Map([["a..b", "\ud83d"]]))).toBe('{"a._.b":"\ufffd"}');
  expect(attributesJson(new Map([["", "x"]]))).toBe('{"_":"x"}');
});

it("writes any text so that it comes back", () => {
  const key = fc
    .string({ unit: "grapheme", minLength: 1 })
    .filter((name) => !name.includes(".") && name !== "__proto__");
  fc.assert(
    fc.property(fc.dictionary(key, fc.oneof(fc.string({ unit: "grapheme" }), fc.integer(), fc.boolean())), (values) => {
      const attributes = new Map(Object.entries(values));
      expect(flatten(attributesJson(attributes))).toEqual(attributes);
    }),
  );
});
