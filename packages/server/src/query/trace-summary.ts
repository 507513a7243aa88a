import * as z from "zod";
import type { TraceSummary } from "../api-types.ts";
import type { Row } from "../query.ts";
import { textOf } from "./row-value.ts";

/** What {@link summaryOf} reads of `trace_summaries`. */
export const SUMMARY_COLUMNS: string = "trace_id, project, summary";

/** The column `summary`: an array in this order, as migration 8 has it. Nanoseconds, tokens and nano-dollars as decimal text. */
type Told = readonly [
  ...texts: readonly [
    rootName: string,
    rootKind: string,
    serviceName: string,
    start: string,
    end: string,
    status: string,
  ],
  ...counts: readonly [spans: number, llmCalls: number, toolCalls: number, errors: number],
  ...amounts: readonly [inputTokens: string | null, outputTokens: string | null, costNanos: string | null],
  unpricedCalls: number,
  ...lists: readonly [models: string[], agents: string[], tags: string[]],
  ...ends: readonly [sessionId: string, userId: string, inputPreview: string, outputPreview: string],
];

/** The summary in a row of {@link SUMMARY_COLUMNS}. */
export function summaryOf(row: Row): TraceSummary {
  const told = JSON.parse(textOf(row, "summary")) as Told;
  const start = BigInt(told[3]);
  const duration = BigInt(told[4]) - start;
  return {
    traceId: textOf(row, "trace_id"),
    project: textOf(row, "project"),
    rootName: told[0],
    rootKind: told[1],
    serviceName: told[2],
    startTime: Number(start / 1000n) / 1000,
    durationMs: Number((duration < 0n ? 0n : duration) / 1000n) / 1000,
    status: told[5] === "error" || told[5] === "ok" ? told[5] : "unset",
    spanCount: told[6],
    llmCalls: told[7],
    toolCalls: told[8],
    errorCount: told[9],
    inputTokens: knownNumber(told[10]),
    outputTokens: knownNumber(told[11]),
    costNanos: told[12],
    unpricedCalls: told[13],
    models: told[14],
    agents: told[15],
    tags: told[16],
    sessionId: told[17],
    userId: told[18],
    inputPreview: told[19],
    outputPreview: told[20],
  };
}

function knownNumber(text: string | null): number | null {
  return text === null ? null : Number(text);
}

const count = z.int().nonnegative();

/** Describes a summary. */
export const traceSummarySchema: z.ZodType<TraceSummary> = z.object({
  traceId: z.string(),
  project: z.string(),
  rootName: z.string(),
  rootKind: z.string(),
  serviceName: z.string(),
  startTime: z.number().meta({ description: "Milliseconds since 1970, with a fraction" }),
  durationMs: z.number(),
  status: z.enum(["unset", "ok", "error"]),
  spanCount: count,
  llmCalls: count,
  toolCalls: count,
  errorCount: count,
  inputTokens: count.nullable(),
  outputTokens: count.nullable(),
  costNanos: z.string().nullable().meta({ description: "Nano-dollars as decimal text; null when unknown" }),
  unpricedCalls: count.meta({ description: "Billed calls whose cost is not wholly known: the cost is a lower bound" }),
  models: z.array(z.string()),
  agents: z.array(z.string()),
  tags: z.array(z.string()),
  sessionId: z.string(),
  userId: z.string(),
  inputPreview: z.string(),
  outputPreview: z.string(),
});
