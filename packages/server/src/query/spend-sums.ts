/** Of calls: columns of `spend_hours`, which sums by the hour. */
export const CALL_KEYS = {
  model: "model",
  provider: "provider",
  service: "service_name",
  agent: "agent_name",
  project: "project",
} as const;

/**
 * Of whole traces: expressions over `trace_summaries`. A trace counts where it is filed, so in the hour in which it began;
 * with several tags it counts under each.
 */
export const TRACE_KEYS = {
  user: "user_id",
  session: "session_id",
  tag: "arrayJoin(if(empty(tags), [''], arrayMap(tag -> toString(tag), tags)))",
} as const;

/** A key of calls, among them the project, which traces have too. */
export type CallKey = keyof typeof CALL_KEYS;

/** A key of whole traces. */
export type TraceKey = keyof typeof TRACE_KEYS;

/** Whether spend by a key is summed from whole traces. */
export function isTraceKey(key: string): key is TraceKey {
  return Object.hasOwn(TRACE_KEYS, key);
}

/** What is kept of billed calls. */
export const SPEND_SUMS = ["cost_nanos", "calls", "unpriced_calls", "input_tokens", "output_tokens"] as const;

/** One of {@link SPEND_SUMS}. */
export type SpendSum = (typeof SPEND_SUMS)[number];

/** A sum of `trace_summaries`, where a cost or tokens may be unknown. */
export function traceSum(sum: SpendSum): string {
  return `toInt64(ifNull(trace_summaries.${sum}, 0))`;
}

/** A sum of what a sampling SDK counted and did not send, over `metric_rows` that pass {@link UNSENT_ROWS}. */
export function unsentSum(sum: SpendSum): string {
  const is = (name: string): string => `name = 'telltale.unsent.${name}'`;
  const tokens = (type: string): string => `${is("tokens")} AND attributes.gen_ai.token.type = '${type}'`;
  const conditions: { readonly [sum in SpendSum]: string } = {
    cost_nanos: is("cost"),
    calls: is("calls"),
    unpriced_calls: is("unpriced_calls"),
    input_tokens: tokens("input"),
    output_tokens: tokens("output"),
  };
  return `toInt64(if(${conditions[sum]}, ifNull(value, 0), 0))`;
}

/** Which rows of `metric_rows` tell of calls that were counted and not sent: they have no traces. */
export const UNSENT_ROWS = "type = 'sum' AND startsWith(name, 'telltale.unsent.')";
