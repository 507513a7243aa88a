/**
 * What a span of the program stands for, as `telltale.span.kind` says it. A `span` is a step
 * without a meaning of its own. Model calls make their own spans.
 */
export type SpanKind =
  | "workflow"
  | "agent"
  | "tool"
  | "retrieval"
  | "task"
  | "guardrail"
  | "memory"
  | "handoff"
  | "evaluation"
  | "span";

/** `gen_ai.operation.name` of the kinds that the conventions know. */
export const OPERATIONS: ReadonlyMap<SpanKind, string> = new Map([
  ["workflow", "invoke_workflow"],
  ["agent", "invoke_agent"],
  ["tool", "execute_tool"],
  ["retrieval", "retrieval"],
]);

/** The attribute that holds the span's own name, for the kinds that have one. */
export const NAME_ATTRIBUTES: ReadonlyMap<SpanKind, string> = new Map([
  ["workflow", "gen_ai.workflow.name"],
  ["agent", "gen_ai.agent.name"],
  ["tool", "gen_ai.tool.name"],
  ["retrieval", "gen_ai.data_source.id"],
]);

const KINDS: ReadonlySet<unknown> = new Set<SpanKind>([
  "workflow",
  "agent",
  "tool",
  "retrieval",
  "task",
  "guardrail",
  "memory",
  "handoff",
  "evaluation",
]);

/** The kind that a span's own attribute tells. */
export function toldKind(told: unknown): SpanKind {
  return KINDS.has(told) ? (told as SpanKind) : "span";
}
