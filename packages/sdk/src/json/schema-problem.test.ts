import { describe, expect, it } from "vitest";
import { schemaProblem } from "./schema-problem.ts";

const person = {
  type: "object",
  properties: {
    name: { type: "string", minLength: 1 },
    age: { type: ["integer", "null"], minimum: 0 },
    tags: { type: "array", items: { enum: ["a", "b"] }, maxItems: 2 },
    parent: { $ref: "#" },
    kind: { anyOf: [{ const: 1 }, { type: "object", required: ["x"] }] },
  },
  required: ["name"],
  additionalProperties: false,
};

describe("schemaProblem", () => {
  it.each([
    [{ name: "x" }, undefined],
    [{ name: "x", age: null, tags: ["a"], parent: { name: "y" }, kind: 1 }, undefined],
    [[], "$ should be object, is array"],
    [{}, "$.name is missing"],
    [{ name: "" }, "$.name is 0 characters long, at least 1 wanted"],
    [{ name: "x", age: 1.5 }, "$.age should be integer or null, is number"],
    [{ name: "x", age: -1 }, "$.age is -1, at least 0 wanted"],
    [{ name: "x", tags: ["a", "c"] }, "$.tags[1] is none of the allowed values"],
    [{ name: "x", tags: ["a", "a", "a"] }, "$.tags has 3 items, at most 2 wanted"],
    [{ name: "x", parent: { name: "y", parent: {} } }, "$.parent.parent.name is missing"],
    [{ name: "x", kind: 2 }, "$.kind fits no alternative: $.kind is none of the allowed values"],
    [{ name: "x", more: 1 }, "$.more is not allowed"],
  ])("of %j is %s", (value, problem) => {
    expect(schemaProblem(value, person)).toBe(problem);
  });

  it("ends on a schema that refers to itself, and passes what it does not know", () => {
    expect(schemaProblem({}, { $ref: "#" })).toBeUndefined();
    expect(schemaProblem({}, { $ref: "https://example.com/other" })).toBeUndefined();
    expect(schemaProblem({}, "no schema")).toBeUndefined();
    expect(schemaProblem(JSON.parse('{"__proto__":1}'), { type: "object", additionalProperties: false })).toBe(
      "$.__proto__ is not allowed",
    );
  });
});
