import type { Billing } from "@telltale/model";
import { type KeptCost, keptCostIn } from "./kept-cost.ts";
import type { SpanRow } from "./span-row.ts";

/** What the engine remembers of a stored span: enough for totals, billing and finding repeats. */
export interface SpanFacts {
  readonly spanId: string;
  parentSpanId: string;
  row: number;
  /** Of everything the sender told; equal for a repeat. 0 when it was read back from the store. */
  fingerprint: number;
  kind: string;
  name: string;
  serviceName: string;
  /** Which library told it: two layers of one call are told by two. */
  scopeName: string;
  status: string;
  startTime: bigint;
  endTime: bigint;
  responseId: string;
  provider: string;
  model: string;
  agentName: string;
  userId: string;
  hour: number;
  inputTokens: number | null;
  outputTokens: number | null;
  cacheReadTokens: number | null;
  cacheWriteTokens: number | null;
  reasoningTokens: number | null;
  costNanos: bigint | null;
  /** What the cost is made of. */
  cost: KeptCost;
  /** Whether an answer came out: a failed call without one is not billed. */
  answered: boolean;
  billing: Billing;
}

/** The facts of a row about to be stored. `cost` is what its texts say, for those who know it without reading them. */
export function factsOf(
  row: SpanRow,
  fingerprint: number,
  cost: KeptCost = keptCostIn(row.cost, row.usage),
): SpanFacts {
  return {
    spanId: row.span_id,
    parentSpanId: row.parent_span_id,
    row: row.row,
    fingerprint,
    kind: row.kind,
    name: row.name,
    serviceName: row.service_name,
    scopeName: row.scope_name,
    status: row.status,
    startTime: row.start_time,
    endTime: row.end_time ?? row.start_time,
    responseId: row.response_id,
    provider: row.provider,
    model: row.response_model || row.request_model,
    agentName: row.agent_name,
    userId: row.user_id,
    hour: row.hour,
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    cacheReadTokens: row.cache_read_tokens,
    cacheWriteTokens: row.cache_write_tokens,
    reasoningTokens: row.reasoning_tokens,
    costNanos: row.cost_nanos,
    cost,
    answered: row.output_type !== "" || row.time_to_first_token_ns !== null,
    billing: row.billing,
  };
}

/** Whether all of what the call cost is known; what is not is counted beside every sum. */
export function isWhollyPriced({ costNanos, cost }: SpanFacts): boolean {
  return costNanos !== null && cost.form.reason === "";
}

/** Whether the span tells of tokens. */
export function hasUsage(facts: SpanFacts): boolean {
  return facts.inputTokens !== null || facts.outputTokens !== null;
}

/** Characters at the end of a content that are looked at. */
const EDGE = 64;
/** Keeps one field from running into the next; no UTF-16 unit. */
const SEPARATOR = 0x10000;

/**
 * A number that is equal for two tellings of the same thing: times, status and the sizes and
 * edges of every text. FNV-1a over them, 32 bits; compared only within one span id. The parts are taken one by one:
 * to put them together in one text first costs more than all of this.
 */
export function fingerprintOf(row: SpanRow): number {
  let hash = mixed(0x811c9dc5, row.parent_span_id);
  hash = mixedNumber(hash, Number(BigInt.asUintN(32, row.end_time ?? 0n)));
  hash = mixed(mixed(hash, row.status), row.name);
  for (const content of [row.input, row.output])
    hash = mixed(mixedNumber(hash, content.length), content, Math.max(0, content.length - EDGE));
  hash = mixedNumber(mixedNumber(hash, row.attributes.length), row.events.length);
  hash = mixed(mixed(hash, row.usage), row.dialect);
  return hash >>> 0 || 1;
}

function mixed(hash: number, text: string, from = 0): number {
  let next = hash;
  for (let index = from; index < text.length; index++) next = mixedNumber(next, text.charCodeAt(index));
  return mixedNumber(next, SEPARATOR);
}

function mixedNumber(hash: number, value: number): number {
  return Math.imul(hash ^ value, 0x01000193);
}
