import type { Billing } from "@telltale/model";
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
  /** Whether an answer came out: a failed call without one is not billed. */
  answered: boolean;
  billing: Billing;
}

/** The facts of a row about to be stored. */
export function factsOf(row: SpanRow, fingerprint: number): SpanFacts {
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
    answered: row.output_type !== "" || row.time_to_first_token_ns !== null,
    billing: row.billing,
  };
}

/** Whether the span tells of tokens. */
export function hasUsage(facts: SpanFacts): boolean {
  return facts.inputTokens !== null || facts.outputTokens !== null;
}

/**
 * A number that is equal for two tellings of the same thing: times, status and the sizes and
 * edges of every text. FNV-1a over a short digest, 32 bits; compared only within one span id.
 */
export function fingerprintOf(row: SpanRow): number {
  const digest = `${row.parent_span_id}|${row.end_time}|${row.status}|${row.name}|${row.input.length}|${row.input.slice(-64)}|${row.output.length}|${row.output.slice(-64)}|${row.attributes.length}|${row.events.length}|${row.usage}|${row.dialect}`;
  let hash = 0x811c9dc5;
  for (let index = 0; index < digest.length; index++) hash = Math.imul(hash ^ digest.charCodeAt(index), 0x01000193);
  return hash >>> 0 || 1;
}
