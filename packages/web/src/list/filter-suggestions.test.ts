import { FILTER_FIELDS, parseFilter } from "@telltale/model";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { facetsFixture, traceListFixture } from "../fixture/trace-list-fixture.ts";
import { suggestions } from "./filter-suggestions.ts";

const facets = facetsFixture(traceListFixture(50, 1_764_000_000_000));

function applied(text: string, caret: number = text.length): string[] {
  return suggestions(text, caret, facets).map(({ from, to, insert }) => text.slice(0, from) + insert + text.slice(to));
}

describe("suggestions", () => {
  it("offer fields that begin with what is typed first", () => {
    expect(suggestions("co", 2, facets).map(({ label }) => label)).toEqual(["cost:"]);
    expect(applied("-mo")).toEqual(["-model:"]);
    expect(applied("status:error mod")).toEqual(["status:error model:"]);
  });

  it("offer the values that the facets know, and those that a field can have", () => {
    expect(applied("model:gpt-4o-")).toEqual(["model:gpt-4o-mini "]);
    expect(applied("status:u")).toEqual(["status:unset "]);
    expect(applied("kind:retr")).toEqual(["kind:retrieval "]);
  });

  it("take the place of the word at the caret only", () => {
    expect(applied("sta model:x", 3)).toEqual(["status: model:x"]);
    expect(applied("(sta)", 4)).toEqual(["(status:)"]);
  });

  it("are none in quotes and for fields that do not exist", () => {
    expect(applied('"free te')).toEqual([]);
    expect(applied("nosuch:x")).toEqual([]);
  });

  it("quote values that need it", () => {
    const odd = { facets: [{ field: "user", values: [{ value: 'a "b" c', count: 1 }], more: false }], total: 1 };
    const [only] = suggestions("user:a", 6, odd);
    expect(only?.insert).toBe('user:"a \\"b\\" c" ');
    expect(parseFilter(only?.insert ?? "")).toHaveProperty("filter");
  });

  it("always give a filter that can be read, once a value is chosen", () => {
    const word = fc.constantFrom("", "s", "sta", "status:", "status:e", "model:", "-model:g", "kind:", "service:c");
    fc.assert(
      fc.property(word, (text) => {
        for (const result of applied(text))
          if (result.endsWith(" ")) expect(parseFilter(result)).toHaveProperty("filter");
      }),
    );
    expect(applied("").length).toBeLessThan(FILTER_FIELDS.length);
  });
});
