import type { Attributes } from "@telltale/model";
import { providerName } from "../dialect/names.ts";
import type { MetricRecord } from "../otlp/record.ts";
import type { DecodedMetric } from "./decode-batch.ts";
import { hourOf } from "./row-number.ts";
import { emptySpend, type SpendRow } from "./spend-row.ts";

const PREFIX = "telltale.unsent.";
/** Columns of spend by `gen_ai.token.type`. */
const TOKENS = new Map([
  ["input", "input_tokens"],
  ["output", "output_tokens"],
  ["cache_read", "cache_read_tokens"],
  ["cache_write", "cache_write_tokens"],
  ["reasoning", "reasoning_tokens"],
] as const);

/**
 * The spend of calls that a sampling SDK did not send but counted, from its metrics
 * `telltale.unsent.*`: added to what was sent, totals are exact. The points stay among the metrics,
 * which say what share of the spend has no spans.
 */
export function unsentSpend(metrics: readonly DecodedMetric[]): SpendRow[] {
  return metrics
    .filter(({ record }) => record.name.startsWith(PREFIX) && record.type === "sum")
    .map(spendOf)
    .filter((row) => row !== undefined);
}

function spendOf({ record, project, receivedAt }: DecodedMetric): SpendRow | undefined {
  const { value } = record;
  // Whole and in the range of a double's exact numbers, or it is not from our SDK.
  if (value === undefined || !Number.isSafeInteger(value) || value < 0) return undefined;
  const row = emptyRow(record, project, hourOf(record.time, receivedAt));
  switch (record.name.slice(PREFIX.length)) {
    case "calls":
      row.calls = value;
      if (textOf(record.attributes, "telltale.outcome") === "error") row.errors = value;
      return row;
    case "unpriced_calls":
      row.unpriced_calls = value;
      return row;
    case "cost":
      row.cost_nanos = BigInt(value);
      return row;
    case "tokens":
      return withTokens(row, textOf(record.attributes, "gen_ai.token.type"), value);
    default:
      return undefined;
  }
}

function withTokens(row: SpendRow, type: string, value: number): SpendRow | undefined {
  for (const [name, column] of TOKENS) {
    if (name !== type) continue;
    row[column] = value;
    return row;
  }
  return undefined;
}

function emptyRow({ attributes, resource }: MetricRecord, project: string, hour: number): SpendRow {
  return emptySpend({
    project,
    hour,
    provider: providerName(textOf(attributes, "gen_ai.provider.name")) ?? "",
    model: textOf(attributes, "gen_ai.response.model"),
    service_name: textOf(resource.attributes, "service.name"),
    agent_name: textOf(attributes, "gen_ai.agent.name"),
  });
}

function textOf(attributes: Attributes, name: string): string {
  const value = attributes.get(name);
  return typeof value === "string" ? value : "";
}
