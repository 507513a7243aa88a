// Asks a running Telltale which models cost most: node examples/query.ts
import type { QueryAnswer } from "@telltale/server/api-types";

const sql = `
  SELECT response_model, count() AS calls, sum(cost_usd) AS usd
  FROM spans WHERE billed GROUP BY response_model ORDER BY usd DESC`;

const response = await fetch("http://127.0.0.1:4318/api/v1/query", {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ sql }),
});
if (!response.ok) throw new Error(await response.text());
const answer = (await response.json()) as QueryAnswer;
console.table(answer.rows.map((row) => Object.fromEntries(answer.columns.map((name, index) => [name, row[index]]))));
