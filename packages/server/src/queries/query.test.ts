import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { QueryAnswer } from "../api-types.ts";
import { openTestStore, type TestStore } from "../query/testing/open-test-store.ts";
import { insertTrace } from "../query/testing/trace-rows.ts";
import { query } from "./query.ts";

let test: TestStore;

beforeAll(async () => {
  test = await openTestStore();
  await insertTrace(test, {
    id: "1",
    columns: { cost_nanos: "25000000", models: ["gpt-4o"] },
    spans: [{ id: "1", columns: { input_tokens: 5, cost_nanos: "25000000", billing: "billed" } }],
  });
});

afterAll(() => test.close());

async function ask(sql: string, limit: number = 100): Promise<QueryAnswer> {
  return query.output.parse(await query.run({ sql, limit }, test.reader));
}

describe("query", () => {
  it("answers SQL over the views", async () => {
    const answer = await ask(
      "SELECT count() AS n, sum(cost_usd) AS usd, any(output_tokens) AS o FROM spans WHERE billed",
    );
    expect(answer).toMatchObject({ columns: ["n", "usd", "o"], rows: [[1, 0.025, null]], truncated: false });
    expect(answer.types[0]).toBe("UInt64");
  });

  it("keeps integers exact that no number holds", async () => {
    const { rows } = await ask(
      "SELECT toInt64(9007199254740993), toUInt64(5), [toUInt64(7)], toDecimal64(1.5, 3), toInt64(NULL), 0.5, 'x', tuple(1, 'a')",
    );
    expect(rows).toEqual([["9007199254740993", 5, [7], 1.5, null, 0.5, "x", [1, "a"]]]);
  });

  it("cuts at the limit and says so", async () => {
    expect(await ask("SELECT number FROM (SELECT arrayJoin(range(10)) AS number)", 10)).toMatchObject({
      truncated: false,
    });
    const cut = await ask("SELECT arrayJoin(range(11)) AS number", 10);
    expect([cut.rows.length, cut.truncated]).toEqual([10, true]);
  });

  it("answers every question of the guide", async () => {
    const guide = readFileSync(new URL("../../../../docs/guides/ask-with-sql.md", import.meta.url), "utf8");
    const questions = [...guide.matchAll(/```sql\n([^`]+(?:`[^`]+`[^`]+)*)```/g)].map(([, sql]) => sql ?? "");
    expect(questions.length).toBeGreaterThan(4);
    for (const sql of questions) expect((await ask(sql)).columns.length).toBeGreaterThan(0);
  });

  it("groups by and sorts by an attribute, whatever the types of its values", async () => {
    const { rows } = await ask(
      "SELECT attributes.`http.response.status_code` AS status, count() FROM spans GROUP BY status ORDER BY status",
    );
    expect(rows).toEqual([[null, 1]]);
  });

  it("refuses what is no question", async () => {
    for (const sql of [
      "SELEC 1",
      "DROP TABLE spans",
      "SELECT * FROM file('/etc/passwd')",
      "INSERT INTO spans SELECT 1",
    ])
      await expect(ask(sql)).rejects.toMatchObject({ code: "bad-query" });
  });
});
