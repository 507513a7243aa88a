import fc from "fast-check";
import { expect, it } from "vitest";
import { lastObject } from "./last-object.ts";

it("finds the last object under a name, whatever stands before it", () => {
  const before = fc.oneof(fc.json(), fc.string(), fc.constant('{"usage":{"a":{"b":"}'));
  fc.assert(
    fc.property(before, fc.dictionary(fc.string(), fc.oneof(fc.integer(), fc.string())), (text, usage) => {
      expect(lastObject(`${text}, "usage" : ${JSON.stringify(usage)}, "x":1}`, "usage")).toEqual(usage);
    }),
  );
});

it("ends on anything", () => {
  expect(lastObject('"usage":'.repeat(1000), "usage")).toBeUndefined();
  expect(lastObject('{"usage":null}', "usage")).toBeUndefined();
  expect(lastObject('{"usage":{"a":1', "usage")).toBeUndefined();
});
