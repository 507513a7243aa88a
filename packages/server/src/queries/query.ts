import * as z from "zod";
import type { QueryAnswer } from "../api-types.ts";
import type { Query } from "../query.ts";
import { type AnswerColumn, jsonCell } from "../query/json-cell.ts";

/** Seconds, memory and rows of one statement of a person: enough to look at a million spans, never the machine. */
const MAX_SECONDS = 10;
const MAX_MEMORY_BYTES = 300_000_000;
const MAX_ROWS = 10_000;
const MAX_SQL_LENGTH = 100_000;

interface Input {
  readonly sql: string;
  readonly limit: number;
}

const input: z.ZodType<Input> = z.strictObject({
  sql: z
    .string()
    .min(1)
    .max(MAX_SQL_LENGTH)
    .meta({
      description: "One SELECT over the views `traces` and `spans`, in ClickHouse SQL",
      examples: ["SELECT request_model, sum(cost_usd) FROM spans WHERE billed GROUP BY request_model"],
    }),
  limit: z.int().min(1).max(MAX_ROWS).default(MAX_ROWS).meta({ description: "Rows at most" }),
});

const output: z.ZodType<QueryAnswer> = z.object({
  columns: z.array(z.string()),
  types: z.array(z.string()),
  rows: z.array(z.array(z.any())),
  truncated: z.boolean(),
  elapsedMs: z.number(),
});

/** What the engine answers in the format `JSONCompact`; 64-bit integers and decimals as text. */
interface CompactAnswer {
  readonly meta: readonly AnswerColumn[];
  readonly data: readonly (readonly unknown[])[];
}

/** SQL of a person: read-only and limited, over the documented views. */
export const query: Query<Input, QueryAnswer> = {
  name: "query",
  summary: "Run one read-only SELECT over the views `traces` and `spans`",
  method: "POST",
  path: "/query",
  input,
  output,
  async run({ sql, limit }, reader) {
    const started = performance.now();
    const bytes = await reader.bytes(
      sql,
      {},
      {
        lane: "person",
        format: "JSONCompact",
        maxSeconds: MAX_SECONDS,
        maxMemoryBytes: MAX_MEMORY_BYTES,
        maxResultRows: limit + 1,
      },
    );
    const { meta, data }: CompactAnswer = JSON.parse(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(),
    );
    const cells = meta.map(({ type }) => jsonCell(type));
    return {
      columns: meta.map(({ name }) => name),
      types: meta.map(({ type }) => type),
      rows: data.slice(0, limit).map((row) => row.map((value, index) => cells[index]!(value))),
      truncated: data.length > limit,
      elapsedMs: Math.round((performance.now() - started) * 10) / 10,
    };
  },
};
