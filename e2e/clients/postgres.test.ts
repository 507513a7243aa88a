import { beforeAll, describe, expect, it } from "vitest";
import type { ReadSpan } from "../../packages/sdk/src/testing/read-spans.ts";
import { startPostgres } from "./servers/postgres.ts";
import { behaviour, observe, type Observation } from "./testing/observe.ts";

const SCENARIOS: readonly (readonly [string, readonly string[]])[] = [
  ["parameters", ["retrieval docs"]],
  ["prepared", ["retrieval docs", "retrieval docs"]],
  ["literals", ["retrieval my docs"]],
  ["others", []],
  ["missing", ["retrieval missing ! 42P01", "retrieval docs"]],
  ["secured", ["retrieval docs"]],
  ["lost", ["retrieval docs ! Error"]],
];
const NAMED = SCENARIOS.map(([name]) => name);

let seen: Observation;

beforeAll(async () => {
  seen = await observe({ file: "postgres.ts", server: startPostgres });
}, 120_000);

/** The name of the trace that a span is in. */
function scenarioOf({ traceId }: ReadSpan): string {
  return seen.spans.find((span) => span.traceId === traceId && span.parentSpanId === "")?.name ?? "";
}

function only(scenario: string): ReadSpan | undefined {
  return seen.scenario(scenario).spans[0];
}

describe("programs that search with pgvector", () => {
  it("behave with the SDK as they do without", () => {
    expect(seen.without).toMatchObject({ code: 0, stderr: "" });
    expect(behaviour(seen.watched)).toEqual(behaviour(seen.without));
  });

  it.each(SCENARIOS)("%s has each search, and nothing else, in one tree", (name, below) => {
    expect(seen.scenario(name).tree).toEqual([name, ...below.map((line) => `  ${line}`)]);
  });

  it("tells limit, rows, distances and texts, and no vector", () => {
    const { attributes } = only("parameters") ?? {};
    expect(attributes).toMatchObject({
      "telltale.span.kind": "retrieval",
      "gen_ai.operation.name": "retrieval",
      "gen_ai.data_source.id": "docs",
      "gen_ai.retrieval.top_k": 2,
      "db.system.name": "postgresql",
      "db.collection.name": "docs",
      "db.response.returned_rows": 2,
      "telltale.retrieval.score_measure": "distance",
      "server.address": "127.0.0.1",
    });
    expect(JSON.parse(String(attributes?.["gen_ai.retrieval.documents"]))).toEqual([
      { id: 41, score: 0.12, content: "Parcels arrive.", metadata: { meta: { lang: "en" }, embedding: "[3 numbers]" } },
      { id: 42, score: 0.5, content: "Grüße aus 東京 🗼", metadata: { embedding: "[3 numbers]" } },
    ]);
    expect(only("literals")?.attributes).toMatchObject({
      "gen_ai.retrieval.top_k": 7,
      "db.query.text": `select * from "my docs" where note = 'a <-> b' order by embedding <-> '[3 numbers]' limit 7`,
    });
    const searches = seen.spans.filter(({ name }) => name.startsWith("retrieval"));
    expect(JSON.stringify(searches.map((span) => span.attributes))).not.toContain("0.123456");
  });

  it("tells the failure that the server names", () => {
    expect(only("missing")).toMatchObject({
      statusMessage: 'relation "missing" does not exist',
      attributes: { "db.response.status_code": "42P01" },
    });
    expect(only("lost")?.attributes["telltale.outcome"]).toBe("failed");
  });

  it("never puts a question of one user into the trace of another", () => {
    const users = seen.spans.filter(({ name }) => name.startsWith("user "));
    const asked = seen.spans.filter((span) => !NAMED.includes(scenarioOf(span)) && span.name === "retrieval docs");
    expect([users.length, asked.length]).toEqual([6, 6]);
    const placed = asked.filter(({ parentSpanId }) => parentSpanId !== "");
    for (const span of placed) {
      const user = users.find(({ spanId }) => spanId === span.parentSpanId);
      expect(user?.name).toBe(`user ${Number(span.attributes["gen_ai.retrieval.top_k"]) - 1}`);
    }
    // Those that found a connection free are placed; those that waited for one stand alone.
    expect(placed.length).toBeGreaterThanOrEqual(2);
  });
});
