import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Facets } from "../api-types.ts";
import { openTestStore, type TestStore } from "../query/testing/open-test-store.ts";
import { insertTrace, TEST_START } from "../query/testing/trace-rows.ts";
import { facets } from "./facets.ts";

let test: TestStore;

beforeAll(async () => {
  test = await openTestStore();
  for (let index = 0; index < 20; index++)
    await insertTrace(test, {
      id: String(index),
      start: TEST_START - index * 86_400_000,
      columns: {
        status: index === 0 ? "error" : "ok",
        models: index % 2 ? ["gpt-4o"] : ["gpt-4o", "claude"],
        user_id: `user-${index}`,
        tags: ["x"],
      },
      spans: [
        { id: `${index}01`, columns: { kind: "tool", tool_name: "search" } },
        { id: `${index}02`, columns: { kind: "tool", tool_name: index < 5 ? "lookup" : "" } },
      ],
    });
});

afterAll(() => test.close());

async function ask(input: { [name: string]: unknown }): Promise<Facets> {
  return facets.output.parse(await facets.run(facets.input.parse(input), test.reader));
}

function values(answer: Facets, field: string): { [value: string]: number } {
  const found = answer.facets.find((facet) => facet.field === field);
  return Object.fromEntries(found!.values.map(({ value, count }) => [value, count]));
}

describe("facets", () => {
  it("counts traces per value, the most frequent first", async () => {
    const answer = await ask({});
    expect(answer.total).toBe(20);
    expect(values(answer, "status")).toEqual({ ok: 19, error: 1 });
    expect(values(answer, "model")).toEqual({ "gpt-4o": 20, claude: 10 });
    expect(values(answer, "kind")).toEqual({ tool: 20 });
    expect(values(answer, "tool")).toEqual({ search: 20, lookup: 5 });
    expect(values(answer, "tag")).toEqual({ x: 20 });
    expect(values(answer, "session")).toEqual({});
    const users = answer.facets.find(({ field }) => field === "user")!;
    expect([users.values.length, users.more]).toEqual([12, true]);
  });

  it("counts only traces that pass the filter and the times", async () => {
    const answer = await ask({ filter: "tool:lookup", from: TEST_START - 2 * 86_400_000 });
    expect(answer.total).toBe(3);
    expect(values(answer, "tool")).toEqual({ search: 3, lookup: 3 });
    expect((await ask({ filter: "model:none" })).total).toBe(0);
    expect((await ask({ from: TEST_START + 86_400_000 })).total).toBe(0);
  });
});
