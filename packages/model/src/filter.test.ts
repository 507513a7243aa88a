import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Filter, type FilterCondition, filterSchema } from "./filter.ts";
import { FILTER_FIELDS, nearestFilterField } from "./filter-field.ts";
import { parseFilter } from "./filter-parse.ts";
import { printFilter } from "./filter-print.ts";

function parsed(text: string): Filter {
  const result = parseFilter(text);
  if ("error" in result) throw new Error(`${text}: ${result.error.message} at ${result.error.position}`);
  return result.filter;
}

function failure(text: string): { message: string; position: number; hint: string } {
  const result = parseFilter(text);
  if ("filter" in result) throw new Error(`${text} was read as ${JSON.stringify(result.filter)}`);
  return result.error;
}

const match = (field: string, ...pattern: string[]): FilterCondition => ({ type: "match", field, pattern });

describe("parseFilter", () => {
  it("reads every part of the language side by side", () => {
    expect(
      parsed(
        'status:error -env:dev latency:>2s (model:gpt-4o OR model:"gpt 4") cost:>=0.01 tokens:>1000 attribute.http.route:/x* "free text" word',
      ),
    ).toEqual({
      type: "and",
      filters: [
        match("status", "error"),
        { type: "not", filter: match("env", "dev") },
        { type: "number", field: "latency", operator: ">", value: 2_000_000_000 },
        { type: "or", filters: [match("model", "gpt-4o"), match("model", "gpt 4")] },
        { type: "number", field: "cost", operator: ">=", value: 10_000_000 },
        { type: "number", field: "tokens", operator: ">", value: 1000 },
        match("attribute.http.route", "/x", ""),
        { type: "text", text: "free text" },
        { type: "text", text: "word" },
      ],
    });
  });

  it("binds OR weaker than terms side by side, and NOT strongest", () => {
    expect(parsed("a b OR NOT c AND d")).toEqual({
      type: "or",
      filters: [
        {
          type: "and",
          filters: [
            { type: "text", text: "a" },
            { type: "text", text: "b" },
          ],
        },
        {
          type: "and",
          filters: [
            { type: "not", filter: { type: "text", text: "c" } },
            { type: "text", text: "d" },
          ],
        },
      ],
    });
  });

  it("reads an empty text as everything", () => {
    expect(parsed(" \n ")).toEqual({ type: "everything" });
  });

  it("reads several values of one field", () => {
    expect(parsed('model:(gpt* OR "claude 3")')).toEqual({
      type: "or",
      filters: [match("model", "gpt", ""), match("model", "claude 3")],
    });
  });

  it("tells no value, any value and a literal star apart", () => {
    expect(parsed('session:""')).toEqual(match("session", ""));
    expect(parsed("session:*")).toEqual(match("session", "", ""));
    expect(parsed('session:"*"')).toEqual(match("session", "*"));
    expect(parsed("cost:*")).toEqual({ type: "known", field: "cost" });
  });

  it("keeps colons and minus signs of values", () => {
    expect(parsed("model:qwen2:7b attribute.offset:<-1.5")).toEqual({
      type: "and",
      filters: [match("model", "qwen2:7b"), { type: "number", field: "attribute.offset", operator: "<", value: -1.5 }],
    });
  });

  it("reads keys with any character when they are quoted", () => {
    expect(parsed('attribute."a key:with \\"all\\"":1')).toEqual(match('attribute.a key:with "all"', "1"));
  });

  it.each([
    ["latency:>1.5m", 90_000_000_000],
    ["latency:>250ms", 250_000_000],
    ["latency:>0.000001ms", 1],
    ["latency:>1h", 3_600_000_000_000],
    ["cost:>$2", 2_000_000_000],
    ["cost:>0.000000001", 1],
    ["tokens:>10k", 10_000],
    ["tokens:>1.5m", 1_500_000],
  ])("reads %s exactly", (text, value) => {
    expect(parsed(text)).toMatchObject({ operator: ">", value });
  });
});

describe("an error", () => {
  it.each([
    ["modle:gpt", 0, "did you mean model?"],
    ["a stauts:error", 2, "did you mean status?"],
    ["http://x", 0, "quote it to search for the text, or use attribute.http"],
    ["latency:>2", 9, "write a number with its unit: 250ms, 2s, 1.5m, 1h"],
    ["tokens:1.5", 7, "write a whole number: 1000, 10k, 1.5m"],
    ["cost:0.0000000001", 5, "write US dollars with at most nine decimals: 0.01 or $2"],
    ["status:failed", 7, "one of unset, ok, error"],
    ["status:err*", 7, "one of unset, ok, error"],
    ["model:>3", 6, 'quote the value if it begins with >: model:">…"'],
    ["latency>2s", 7, "write latency:>2s"],
    ["model=gpt", 5, "write model:gpt"],
    ["a || b", 2, 'quote it to search for the text: "||"'],
    ["foo*", 3, 'quote it to search for the text: "foo*"'],
    ["(a OR b", 7, "add )"],
    ["a)", 1, "remove it or quote it"],
    ["OR b", 0, "quote it to search for the word"],
    ["a OR", 4, 'write a field:value, a word or a "text"'],
    ["- a", 1, "write it directly before a term: -env:dev"],
    ['"open', 0, 'add "'],
    ['"a\\x"', 2, 'use \\" \\\\ \\n \\r or \\t; write \\\\ for a backslash'],
    ["model:", 6, 'for example model:gpt-4o*; model:"" means no value'],
    ["model:(a b)", 9, "write model:(one OR two)"],
    ['"a"b', 3, "put a space between terms"],
    ["attribute:x", 0, "for example attribute.http.route:/api/*"],
    ["()", 1, 'write a field:value, a word or a "text"'],
    ['""', 0, "write the words to look for between the quotes"],
  ])("in %s stands at %i and says what to write", (text, position, hint) => {
    expect(failure(text)).toMatchObject({ position, hint });
  });

  it("comes for a filter that is too long, too deep or has too many terms, and never as an exception", () => {
    expect(failure("a ".repeat(2_001)).message).toBe("the filter is too long");
    expect(failure("a ".repeat(101)).message).toBe("the filter has too many terms");
    expect(failure("(".repeat(3_000)).message).toBe("too many parentheses inside each other");
    expect(failure("-".repeat(3_000) + "a").message).toBe("too many parentheses inside each other");
    expect(failure(`model:(${"a OR ".repeat(200)}a)`).message).toBe("the filter has too many terms");
  });

  it("names the nearest field only when one is near", () => {
    expect(nearestFilterField("sesion")).toBe("session");
    expect(nearestFilterField("zzzzzz")).toBeUndefined();
    expect(nearestFilterField("x".repeat(10_000))).toBeUndefined();
  });
});

const literal = fc.oneof(
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.constantFrom("gpt-4o", "a b", "*", '"', "\\", "OR", ">2", "(", "-x", ":", "\n", "é"),
);

const condition: fc.Arbitrary<FilterCondition> = fc.letrec<{ condition: FilterCondition; leaf: FilterCondition }>(
  (tie) => ({
    leaf: fc.oneof(
      literal.filter((text) => text.trim() !== "").map((text): FilterCondition => ({ type: "text", text })),
      fc
        .tuple(
          fc.constantFrom(
            ...FILTER_FIELDS.filter((field) => field.type === "text" && !field.key).map(({ name }) => name),
          ),
          fc.array(literal, { minLength: 1, maxLength: 4 }),
        )
        .map(([field, pattern]) => match(field, ...pattern)),
      fc
        .tuple(fc.constantFrom("attribute.", "resource."), literal.filter(Boolean), fc.array(literal, { minLength: 1 }))
        .map(([prefix, key, pattern]) => match(prefix + key, ...pattern)),
      fc
        .constantFrom(...FILTER_FIELDS.filter((field) => field.type === "choice"))
        .chain((field) => fc.constantFrom(...field.values!).map((value) => match(field.name, value))),
      fc.record({
        type: fc.constant("number" as const),
        field: fc.constantFrom("latency", "cost", "tokens", "spans"),
        operator: fc.constantFrom("=", ">", ">=", "<", "<="),
        value: fc.oneof(
          fc.maxSafeNat(),
          fc.nat(100),
          fc.nat(100).map((minutes) => minutes * 60_000_000_000),
        ),
      }),
      fc.record({
        type: fc.constant("number" as const),
        field: literal.filter(Boolean).map((key) => `attribute.${key}`),
        operator: fc.constantFrom(">", ">=", "<", "<="),
        value: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
      }),
      fc.constantFrom("latency", "cost", "errors").map((field): FilterCondition => ({ type: "known", field })),
    ),
    condition: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      tie("leaf"),
      tie("condition").map((filter): FilterCondition => ({ type: "not", filter })),
      fc
        .tuple(fc.constantFrom("and", "or"), fc.array(tie("condition"), { minLength: 2, maxLength: 4 }))
        .map(([type, filters]) => normal(type, filters)),
    ),
  }),
).condition;

function normal(type: "and" | "or", filters: readonly FilterCondition[]): FilterCondition {
  return { type, filters: filters.flatMap((filter) => (filter.type === type ? filter.filters : [filter])) };
}

describe("a filter", () => {
  it("comes back as the same tree from its own text", () => {
    fc.assert(
      fc.property(condition, (filter) => {
        expect(filterSchema.safeParse(filter).success).toBe(true);
        expect(parsed(printFilter(filter))).toEqual(filter);
      }),
      { numRuns: 500 },
    );
  });

  it("is printed the same once it was read, whatever was typed", () => {
    const typed = fc
      .array(
        fc.constantFrom(
          "a",
          "status:error",
          "latency:>2000ms",
          "cost:$1.50",
          "tokens:>1k",
          "model:(a OR b)",
          "NOT",
          "-",
          "(",
          ")",
          "OR",
          "AND",
          '"x y"',
          "attribute.a:>1e3",
          "user:a*",
          '"',
          ":",
          "*",
          " ",
        ),
        { maxLength: 12 },
      )
      .map((parts) => parts.join(" "));
    fc.assert(
      fc.property(fc.oneof(typed, fc.string({ maxLength: 30 })), (text) => {
        const first = parseFilter(text);
        const tree = "error" in first ? undefined : first.filter;
        const told = "error" in first ? first.error : undefined;
        expect(told === undefined || (told.position <= text.length && told.hint !== "")).toBe(true);
        if (!tree) return;
        const printed = printFilter(tree);
        expect(parsed(printed)).toEqual(tree);
        expect(printFilter(parsed(printed))).toBe(printed);
      }),
      { numRuns: 1000 },
    );
  });

  it("prints short and readable", () => {
    expect(printFilter(parsed("(latency:>2000ms AND (cost:>$0.010)) OR NOT ( a OR b )"))).toBe(
      "latency:>2s cost:>0.01 OR -(a OR b)",
    );
  });

  it("from outside is refused when a field does not take the value", () => {
    for (const filter of [
      match("nothing", "x"),
      match("status", "failed"),
      match("cost", "1"),
      { type: "number", field: "model", operator: ">", value: 1 },
      { type: "number", field: "cost", operator: ">", value: 0.5 },
      { type: "number", field: "attribute.a", operator: "=", value: 1 },
      { type: "and", filters: [match("model", "x")] },
      { type: "not", filter: { type: "everything" } },
      { type: "text", text: " " },
    ])
      expect([filter, filterSchema.safeParse(filter).success]).toEqual([filter, false]);
  });

  it("has an example that can be read for every field", () => {
    for (const field of FILTER_FIELDS) expect(() => parsed(field.example)).not.toThrow();
  });
});
