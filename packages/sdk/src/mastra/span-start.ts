import type { HookSpanStart } from "../hook/hook-span.ts";
import { numberOf, property, textOf } from "../hook/read-object.ts";

type Start = Omit<HookSpanStart, "hook" | "outer">;

/** Without a span, and without anything below: each piece of a stream. */
export function isLeftOut(type: string): boolean {
  return type === "model_chunk";
}

/** Without a span of its own: all steps of an agent together, and what turns a tool's result into a message. */
export function isFolded(type: string): boolean {
  return type === "model_generation" || type === "mapping";
}

/** How a span of Mastra begins, by its type (`SpanType` of `@mastra/core/observability`). */
export function startOf(type: string, options: unknown): Start {
  const attributes = property(options, "attributes");
  const told = textOf(options, "name") ?? type;
  // Names say what and whose: `agent run: 'planner'`.
  const subject = textOf(options, "entityName") ?? textOf(options, "entityId") ?? /'([^']+)'/.exec(told)?.[1];
  const named = (operation: string, whose: string | undefined): string =>
    whose === undefined ? operation : `${operation} ${whose}`;
  if (type === "agent_run") return { name: named("invoke_agent", subject), kind: "agent", subject };
  if (type === "workflow_run") return { name: named("invoke_workflow", subject), kind: "workflow", subject };
  if (type === "model_step") return { name: `step ${(numberOf(attributes, "stepIndex") ?? 0) + 1}`, kind: "task" };
  if (type === "model_inference") return { name: named("chat", textOf(attributes, "model")), kind: "llm" };
  if (type === "rag_embedding") return { name: named("embeddings", textOf(attributes, "model")), kind: "embedding" };
  if (type.endsWith("tool_call")) return { name: named("execute_tool", subject), kind: "tool", subject };
  if (type === "rag_vector_operation" && textOf(attributes, "operation") === "query") {
    const index = textOf(attributes, "indexName");
    return { name: named("retrieval", index), kind: "retrieval", subject: index };
  }
  const plain = told.replace(/: '?([^']+)'?$/, " $1");
  if (type === "memory_operation") return { name: plain, kind: "memory" };
  if (type === "scorer_run") return { name: plain, kind: "evaluation" };
  return { name: plain, kind: /^(workflow|processor|scorer|rag|model)_/.test(type) ? "task" : "span" };
}
