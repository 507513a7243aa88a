/** What a span of the program stands for. Model calls make their own spans. */
export type SpanKind = "workflow" | "agent" | "tool" | "retrieval" | "task" | "guardrail" | "memory" | "handoff";

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

/** As `telltale.span.kind` says it. A task is a step without a meaning of its own. */
export function toldKind(kind: SpanKind): string {
  return kind === "task" ? "span" : kind;
}
