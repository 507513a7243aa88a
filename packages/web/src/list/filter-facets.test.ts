import { type Filter, parseFilter, printFilter } from "@telltale/model";
import { describe, expect, it } from "vitest";
import { chooseValue, clearField, fieldChoice } from "./filter-facets.ts";

function parsed(text: string): Filter {
  const answer = parseFilter(text);
  if ("error" in answer) throw new Error(answer.error.message);
  return answer.filter;
}

describe("a choice among facets", () => {
  it.each([
    ["", "status", "error", "include", "status:error"],
    ["status:error", "status", "ok", "include", "(status:error OR status:ok)"],
    ["(status:error OR status:ok)", "status", "error", "clear", "status:ok"],
    ["status:ok", "status", "ok", "clear", ""],
    ["", "model", "gpt 4", "include", 'model:"gpt 4"'],
    ["model:gpt-4o", "model", "gpt-4o", "exclude", "-model:gpt-4o"],
    ["-model:gpt-4o", "model", "gpt-4o", "include", "model:gpt-4o"],
    ["-model:gpt-4o", "model", "gpt-4o", "clear", ""],
    ["cost:>0.01 words", "status", "error", "include", "cost:>0.01 words status:error"],
    ["a OR b", "status", "error", "include", "(a OR b) status:error"],
  ] as const)("in %s: %s %s, %s", (text, field, value, choice, expected) => {
    const next = printFilter(chooseValue(parsed(text), field, value, choice));
    expect(next).toBe(printFilter(parsed(expected)));
    expect(printFilter(parsed(next))).toBe(next);
  });

  it("is read from the filter, whoever wrote it", () => {
    const { included, excluded } = fieldChoice(parsed("model:(a OR b) -model:c status:ok"), "model");
    expect([[...included], [...excluded]]).toEqual([["a", "b"], ["c"]]);
  });

  it("does not touch what is more than a plain value", () => {
    const text = "model:gpt-4o* (model:a OR status:ok)";
    expect(fieldChoice(parsed(text), "model").included.size).toBe(0);
    expect(printFilter(chooseValue(parsed(text), "model", "b", "include"))).toBe(
      `${printFilter(parsed(text))} model:b`,
    );
  });

  it("is taken back for a whole field", () => {
    expect(printFilter(clearField(parsed("(model:a OR model:b) -model:c words"), "model"))).toBe("words");
  });
});
