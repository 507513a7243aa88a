import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mayBeVectorQuery, vectorQueryOf, withoutVectors } from "./vector-query.ts";

describe("a question by pgvector's distances", () => {
  it.each([
    ["select * from items order by embedding <-> '[3,1,2]' limit 5", "items", 5, "<->"],
    ["SELECT id FROM public.docs d ORDER BY d.embedding <=> $1::vector LIMIT 10", "public.docs", 10, "<=>"],
    ["with q as (select 1) select * from \"Chunks\" order by (e <#> '[1,2]') * -1 limit 3", "Chunks", 3, "<#>"],
    ["select 1 - (a <=> b) as similarity from pairs", "pairs", undefined, "<=>"],
    ["select * from t order by e <+> '{1:0.5}/3' fetch first 2 rows only", "t", 2, "<+>"],
    [
      "select * from bits order by binary_quantize(e)::bit(3) <~> binary_quantize('[1,-2,3]')",
      "bits",
      undefined,
      "<~>",
    ],
  ])("is seen: %s", (sql, table, limit, operator) => {
    expect(mayBeVectorQuery(Buffer.from(sql))).toBe(true);
    expect(vectorQueryOf(sql, [])).toEqual({ sql, table, limit, operator });
  });

  it("takes limit and vector from the parameters", () => {
    const sql = "select * from t order by e <-> $1 limit $2";
    expect(vectorQueryOf(sql, ["[0.1, 2]", "4"])).toMatchObject({ limit: 4 });
    expect(vectorQueryOf(sql, [undefined, "4"])).toBeUndefined();
  });

  it.each([
    "select 'a <-> b'",
    "select * from places order by geom <-> 'POINT(1 2)' limit 3",
    "select to_tsquery('x') <-> to_tsquery('y')",
    "select * from words order by word <-> 'naïve'",
    "select 1 -- e <=> '[1,2]'",
    "select /* <=> */ 1",
    "select $$ a <=> b $$",
    "insert into t select * from u order by e <=> '[1]'",
    "update t set x = 1 where e <=> '[1]' < 2",
  ])("is not seen in: %s", (sql) => {
    expect(vectorQueryOf(sql, [])).toBeUndefined();
  });

  it("is told without its vectors, and any text is looked at without harm", () => {
    expect(withoutVectors("e <-> '[0.1, -2e-5,3]' and name = '[draft]'")).toBe(
      "e <-> '[3 numbers]' and name = '[draft]'",
    );
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom("select ", " from ", "'", "<=>", "[1,", "--", "/*", "$$", "limit "),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const sql = pieces.join("");
        mayBeVectorQuery(Buffer.from(sql));
        vectorQueryOf(`select ${sql}`, [sql]);
        withoutVectors(sql);
      }),
    );
  });
});
