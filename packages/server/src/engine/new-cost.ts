import { Buffer } from "node:buffer";
import { hash } from "node:crypto";
import type { SpanRow } from "./span-row.ts";

/** A cost for a stored span, worked out anew from the row that it had then. */
export interface NewCost {
  readonly project: string;
  readonly traceId: string;
  readonly spanId: string;
  /** {@link costBasis} of the row: a span that has become another since then keeps its cost. */
  readonly basis: string;
  /** As in the column `cost`. */
  readonly cost: string;
  /** As in `cost_nanos`; null when it is unknown. */
  readonly nanos: string | null;
}

/** The columns of a span that its price depends on. */
export type CostBasis = Pick<
  SpanRow,
  | "kind"
  | "usage"
  | "provider"
  | "request_model"
  | "response_model"
  | "service_tier"
  | "start_time"
  | "end_time"
  | "cost"
>;

/** The same for two rows whose price depends on the same and which had the same cost. */
export function costBasis(row: CostBasis): string {
  const { kind, usage, provider, request_model, response_model, service_tier, start_time, end_time, cost } = row;
  const told = [kind, usage, provider, request_model, response_model, service_tier, String(start_time), cost];
  return hash("sha1", JSON.stringify([...told, String(end_time)]));
}

/** The row with its new cost; `undefined` where it does not have the basis any more, or has that cost already. */
export function withNewCost(row: SpanRow, told: NewCost): SpanRow | undefined {
  if (row.cost === told.cost || costBasis(row) !== told.basis) return undefined;
  return { ...row, cost: told.cost, cost_nanos: told.nanos === null ? null : BigInt(told.nanos) };
}

/** New costs as the body of a journal's entry. */
export function writeNewCosts(costs: readonly NewCost[]): Uint8Array {
  return Buffer.from(JSON.stringify({ costs }));
}

/** What {@link writeNewCosts} wrote. Throws where it is no such body. */
export function readNewCosts(body: Uint8Array): readonly NewCost[] {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
  // Only this program writes such entries, and the journal has checked them.
  return (JSON.parse(text) as { costs: readonly NewCost[] }).costs;
}
