import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonRowLines } from "./json-rows.ts";

test("writes an array of objects, a line each", () => {
  const rows = [
    [1, "x"],
    [2, null],
  ];
  expect(jsonRowLines({ columns: ["a", "b"], rows })).toEqual(["[", '{"a":1,"b":"x"},', '{"a":2,"b":null}', "]"]);
});

test("keeps both of two columns of one name, and a column called __proto__", () => {
  const text = jsonRowLines({ columns: ["a", "a", "__proto__"], rows: [[1, 2, 3]] }).join("\n");
  expect(text).toBe('[\n{"a":1,"a_2":2,"__proto__":3}\n]');
});

test("is JSON that says the same, for any names and values", () => {
  const table = fc.integer({ min: 1, max: 4 }).chain((width) =>
    fc.record({
      columns: fc.uniqueArray(fc.string(), { minLength: width, maxLength: width }),
      rows: fc.array(fc.array(fc.jsonValue(), { minLength: width, maxLength: width })),
    }),
  );
  fc.assert(
    fc.property(table, (data) => {
      const parsed: unknown = JSON.parse(jsonRowLines(data).join("\n"), (_, value: unknown) => value);
      expect(Array.isArray(parsed) && parsed.length).toBe(data.rows.length);
    }),
  );
});
