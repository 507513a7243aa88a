import type { InsertTarget } from "../store.ts";
import { type ColumnSpec, insertTargets } from "./column-writer.ts";
import { isWhollyPriced, type SpanFacts } from "./span-facts.ts";

const SUMS = [
  "calls",
  "errors",
  "unpriced_calls",
  "input_tokens",
  "output_tokens",
  "cache_read_tokens",
  "cache_write_tokens",
  "reasoning_tokens",
] as const;

/** One signed row of `spend_hours`. */
export type SpendRow = {
  readonly project: string;
  readonly hour: number;
  readonly provider: string;
  readonly model: string;
  readonly service_name: string;
  readonly agent_name: string;
  cost_nanos: bigint;
} & { [sum in (typeof SUMS)[number]]: number };

/** A combination that nothing was counted for yet. */
export function emptySpend(keys: Omit<SpendRow, "cost_nanos" | (typeof SUMS)[number]>): SpendRow {
  return {
    ...keys,
    cost_nanos: 0n,
    calls: 0,
    errors: 0,
    unpriced_calls: 0,
    input_tokens: 0,
    output_tokens: 0,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    reasoning_tokens: 0,
  };
}

/** Sums what a batch adds to and takes from the spend, one row per combination. */
export class SpendLedger {
  readonly #rows = new Map<string, SpendRow>();

  /** Counts a billed span in (`sign` 1) or takes it out again (-1). Others count nothing. */
  add(project: string, span: SpanFacts, sign: 1 | -1): void {
    if (span.billing !== "billed") return;
    const row = this.#rowFor(project, span);
    row.calls += sign;
    if (span.status === "error") row.errors += sign;
    if (!isWhollyPriced(span)) row.unpriced_calls += sign;
    if (span.costNanos !== null) row.cost_nanos += BigInt(sign) * span.costNanos;
    row.input_tokens += sign * (span.inputTokens ?? 0);
    row.output_tokens += sign * (span.outputTokens ?? 0);
    row.cache_read_tokens += sign * (span.cacheReadTokens ?? 0);
    row.cache_write_tokens += sign * (span.cacheWriteTokens ?? 0);
    row.reasoning_tokens += sign * (span.reasoningTokens ?? 0);
  }

  #rowFor(project: string, span: SpanFacts): SpendRow {
    const key = JSON.stringify([project, span.hour, span.provider, span.model, span.serviceName, span.agentName]);
    let row = this.#rows.get(key);
    if (!row) {
      row = emptySpend({
        project,
        hour: span.hour,
        provider: span.provider,
        model: span.model,
        service_name: span.serviceName,
        agent_name: span.agentName,
      });
      this.#rows.set(key, row);
    }
    return row;
  }

  /** What is left to store: rows in which something changed. */
  rows(): SpendRow[] {
    return [...this.#rows.values()].filter((row) => row.cost_nanos !== 0n || SUMS.some((sum) => row[sum] !== 0));
  }
}

const KEYS = ["project", "provider", "model", "service_name", "agent_name"] as const;

/** How each field of a spend row is sent and stored. */
export const SPEND_COLUMNS: readonly ColumnSpec<SpendRow>[] = [
  ...KEYS.map((name): ColumnSpec<SpendRow> => ({
    name,
    type: "text",
    expression: `assumeNotNull(${name})`,
    value: (row) => row[name],
  })),
  { name: "hour", type: "i64", expression: "toDateTime(assumeNotNull(hour), 'UTC')", value: (row) => row.hour },
  ...[...SUMS, "cost_nanos" as const].map((name): ColumnSpec<SpendRow> => ({
    name,
    type: "i64",
    expression: `assumeNotNull(${name})`,
    value: (row) => row[name],
  })),
];

/** Columns and expressions of the insert. */
export const SPEND_TARGETS: readonly InsertTarget[] = insertTargets(SPEND_COLUMNS);
