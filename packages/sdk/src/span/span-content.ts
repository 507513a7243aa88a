import { debug, messageOf } from "../diagnostics.ts";
import { runtime } from "../runtime.ts";
import { describeValue } from "./describe-value.ts";
import { documentsOf } from "./retrieved-documents.ts";
import type { SpanKind } from "./span-kind.ts";
import type { SpanRecord } from "./span-record.ts";

type Direction = "input" | "output";

/**
 * Writes what went into or came out of a span under the name that the conventions have for its
 * kind, or under `telltale.input` / `telltale.output`. Does nothing when content is not captured.
 */
export function setContent(span: SpanRecord, kind: SpanKind, direction: Direction, value: unknown): void {
  if (runtime.pipeline?.captureContent !== true || value === undefined) return;
  try {
    const [name, text] = encode(kind, direction, value);
    if (text !== undefined) span.attributes.set(name, text);
  } catch (error) {
    debug(`The ${direction} of span "${span.name}" was left out: ${messageOf(error)}`);
  }
}

function encode(kind: SpanKind, direction: Direction, value: unknown): [string, string | undefined] {
  if (kind === "tool") {
    return [direction === "input" ? "gen_ai.tool.call.arguments" : "gen_ai.tool.call.result", describeValue(value)];
  }
  if (kind === "retrieval") {
    if (direction === "input" && typeof value === "string") return ["gen_ai.retrieval.query.text", value];
    const documents = direction === "output" ? documentsOf(value) : undefined;
    if (documents !== undefined) return ["gen_ai.retrieval.documents", describeValue(documents)];
  }
  if ((kind === "agent" || kind === "workflow") && typeof value === "string") {
    return [`gen_ai.${direction}.messages`, asMessage(direction, value)];
  }
  return [`telltale.${direction}`, describeValue(value)];
}

function asMessage(direction: Direction, content: string): string {
  const role = direction === "input" ? "user" : "assistant";
  return JSON.stringify([{ role, parts: [{ type: "text", content: describeValue(content) }] }]);
}
