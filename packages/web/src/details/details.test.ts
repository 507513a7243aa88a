import { parseFilter } from "@telltale/model";
import { describe, expect, it } from "vitest";
import { callCost } from "../fixture/span-fixture.ts";
import { attributeFilter, attributeRows } from "./attribute-rows.ts";
import { billingWords, lineNanos, reasonWords, usageRows } from "./cost-lines.ts";
import { tabList } from "./tab-list.ts";

describe("the lines of a cost", () => {
  it("add up to the whole", () => {
    const { cost } = callCost("gpt-4o", 1090, 896, 52);
    const sum = cost?.lines.reduce((nanos, line) => nanos + lineNanos(line), 0n);
    expect(String(sum)).toBe(cost?.nanos);
    expect(cost?.lines.map((line) => [line.bucket, line.tokens, String(lineNanos(line))])).toEqual([
      ["input", 194, "485000"],
      ["cache_read", 896, "1120000"],
      ["output", 52, "520000"],
    ]);
  });

  it("say why there is no amount, and never that it is 0", () => {
    for (const reason of ["no-usage", "no-model", "no-price", undefined] as const)
      expect(reasonWords(reason, "llama")).toContain("unknown. It is not 0");
  });

  it("say where the amount is not all of it", () => {
    expect(reasonWords("partial-usage", "llama")).toMatch(/^Only the input tokens or only the output tokens were told/);
  });

  it("say for every state whether it counts", () => {
    expect((["billed", "aggregate", "shadow", "none"] as const).map((one) => billingWords(one).isCounted)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it("list usage by bucket, told and guessed apart", () => {
    expect(usageRows([{ model: "m", buckets: { output: 3, input: 5 }, quality: "inferred" }])).toEqual([
      { model: "m", bucket: "Input", tokens: 5, quality: "inferred" },
      { model: "m", bucket: "Output", tokens: 3, quality: "inferred" },
    ]);
  });
});

describe("attributes", () => {
  const attributes = { "http.route": "/api", count: 5, rate: 0.5, on: true, map: { a: 1 }, none: null, "a b": "x" };

  it("are sorted and typed", () => {
    expect(attributeRows(attributes, "").map(({ key, type }) => `${key} ${type}`)).toEqual([
      "a b text",
      "count int",
      "http.route text",
      "map map",
      "none null",
      "on bool",
      "rate double",
    ]);
  });

  it("are found by words in key or value", () => {
    expect(attributeRows(attributes, "HTTP api").map(({ key }) => key)).toEqual(["http.route"]);
    expect(attributeRows(attributes, "nothing")).toEqual([]);
  });

  it("become filters that can be read", () => {
    for (const row of attributeRows(attributes, ""))
      if (row.isPlain) expect(parseFilter(attributeFilter("attribute", row))).toHaveProperty("filter");
  });
});

describe("the tabs", () => {
  it("have names and ranks of their own", () => {
    expect(new Set(tabList.map(({ name }) => name)).size).toBe(tabList.length);
    expect(tabList.map(({ name }) => name)).toEqual([
      "messages",
      "io",
      "tools",
      "cost",
      "attributes",
      "events",
      "json",
    ]);
  });
});
