import type { SpanKind } from "@telltale/model";
import type { Dialect, SpanFields } from "../dialect.ts";
import { textAt } from "../dialect/attribute-readers.ts";
import { anyContent, plainContent } from "../dialect/content.ts";
import { documentsContent } from "../dialect/documents.ts";
import type { SpanRecord } from "../otlp/record.ts";

const KIND = "spring.ai.kind";
const ARGUMENTS = "spring.ai.tool.call.arguments";
const RESULT = "spring.ai.tool.call.result";
const QUERY = "db.vector.query.content";
const FOUND = "db.vector.query.response.documents";

/** The framework's own word; what it says of its calls of models is the conventions'. */
const KINDS: ReadonlyMap<string, SpanKind> = new Map([
  ["chat_client", "workflow"],
  ["advisor", "workflow"],
  ["tool_call", "tool"],
  ["vector_store", "retrieval"],
]);

function read({ attributes }: SpanRecord): SpanFields {
  const kind = KINDS.get(textAt(attributes, KIND) ?? "");
  if (kind === "tool") {
    const input = anyContent(attributes.get(ARGUMENTS));
    const output = anyContent(attributes.get(RESULT));
    return {
      kind,
      toolName: textAt(attributes, "spring.ai.tool.definition.name"),
      toolCallId: textAt(attributes, "spring.ai.tool.call.id"),
      input,
      output,
      consumed: [
        ...(input && input.type !== "masked" ? [ARGUMENTS] : []),
        ...(output && output.type !== "masked" ? [RESULT] : []),
      ],
    };
  }
  if (kind !== "retrieval") return { kind, sessionId: textAt(attributes, "spring.ai.chat.client.conversation.id") };
  // Documents are put into a store by the same sort of span.
  const isQuery = attributes.get("db.operation.name") === "query" || attributes.has(QUERY);
  return {
    kind: isQuery ? "retrieval" : "span",
    input: plainContent(attributes.get(QUERY)),
    output: documentsContent(attributes.get(FOUND)),
  };
}

function claims({ attributes }: SpanRecord): 0 | 3 {
  return KINDS.has(textAt(attributes, KIND) ?? "") ? 3 : 0;
}

/** Spring AI 2: chat clients, advisors, tools and vector stores around calls that it tells in the conventions' words. */
export const springAi: Dialect = { name: "spring-ai", version: 1, claims, read };
