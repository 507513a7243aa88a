import { RowReader } from "../forward/span-of-row.ts";
import type { LogRecord } from "../otlp/record.ts";
import { rowOf, type Steps } from "./decode-batch.ts";
import { recordOfRow } from "./record-of-row.ts";
import { TOKEN_COLUMNS } from "./span-columns.ts";
import type { SpanRow } from "./span-row.ts";

/** Fields that the present translation tells over the stored ones; what it leaves open stays. */
export const RETOLD_FIELDS = [
  "operation",
  "error_type",
  "error_message",
  "provider",
  "request_model",
  "response_model",
  "response_id",
  "service_tier",
  "finish_reason",
  "session_id",
  "user_id",
  "tags",
  "agent_name",
  "tool_name",
  "tool_call_id",
  "prompt_name",
  "prompt_version",
  "time_to_first_token_ns",
] as const;

const USAGE_FIELDS = ["usage", ...TOKEN_COLUMNS] as const;

/** What a price depends on: where none of it changed, the cost stays as it was. */
const PRICED_FIELDS = ["kind", "usage", "provider", "request_model", "response_model", "service_tier"] as const;

/**
 * A stored row as the present dialects read its attributes and events. What went into content when it came is among its
 * attributes no more, so content is taken anew only where there was none, or where the JSON of a model call is messages
 * now; attributes stay. Doing it again changes nothing.
 */
export function retoldRow(row: SpanRow, logs: readonly LogRecord[], steps: Steps): SpanRow {
  const { events, links } = new RowReader().spanOf(row);
  const record = { ...recordOfRow(row), events, links };
  const told = rowOf(record, logs, { project: row.project, receivedAt: row.start_time }, steps);
  const next: SpanRow = { ...row, dialect: told.dialect || row.dialect };
  const open = next as unknown as { [field: string]: unknown };
  for (const field of RETOLD_FIELDS) if (told[field] !== "" && told[field] !== null) open[field] = told[field];
  if (told.usage !== "") for (const field of USAGE_FIELDS) open[field] = told[field];
  if (told.kind !== "span" || nameOf(told.dialect) === nameOf(row.dialect)) next.kind = told.kind;
  if (told.status === "error") next.status = "error";
  for (const side of ["input", "output"] as const)
    if (isBetter(row[`${side}_type`], told[`${side}_type`], next.kind)) {
      next[side] = told[side];
      next[`${side}_type`] = told[`${side}_type`];
      next[`${side}_preview`] = told[`${side}_preview`];
    }
  if (PRICED_FIELDS.some((field) => next[field] !== row[field])) priceAnew(next, told);
  return next;
}

function priceAnew(next: SpanRow, told: SpanRow): void {
  if (told.usage !== next.usage) return;
  next.cost = told.cost;
  next.cost_nanos = told.cost_nanos;
}

function nameOf(dialect: string): string {
  return dialect.split("/", 1)[0] ?? "";
}

function isBetter(before: string, after: string, kind: string): boolean {
  if (after === "") return false;
  return before === "" || (before === "json" && after === "messages" && kind === "llm");
}
