import { property } from "../hook/read-object.ts";
import { runtime } from "../runtime.ts";
import { describeValue } from "../span/describe-value.ts";
import { setContent } from "../span/span-content.ts";
import type { SpanRecord } from "../span/span-record.ts";
import type { LangchainRun } from "./callback-handler.ts";
import { documentOf, plainValue, textMember } from "./messages.ts";
import { setInput, setOutput } from "./state-content.ts";

/** What a run that went well says at its end. `inputs` is what streamed in. */
export function describeEnd(span: SpanRecord, { shape }: LangchainRun, output: unknown, inputs?: unknown): void {
  if (shape?.kind !== undefined) {
    const kind = span.attributes.get("telltale.span.kind") === "agent" ? "agent" : shape.kind;
    if (inputs !== undefined && !shape.isNode) setInput(span, kind, inputs);
    setOutput(span, kind, output);
  } else if (span.attributes.get("telltale.span.kind") === "retrieval") {
    setDocuments(span, output);
  } else {
    setToolResult(span, output);
  }
}

function setDocuments(span: SpanRecord, documents: unknown): void {
  if (!Array.isArray(documents)) return;
  const list = (documents as readonly unknown[]).map((document) => documentOf(document));
  span.attributes.set("telltale.retrieval.count", list.length);
  const text = runtime.pipeline?.captureContent === true ? describeValue(list) : undefined;
  if (text !== undefined) span.attributes.set("gen_ai.retrieval.documents", text);
}

/** What the model gets to see of a tool's result is the content of a message. */
function setToolResult(span: SpanRecord, output: unknown): void {
  const isMessage = textMember(output, "tool_call_id") !== undefined;
  const content = isMessage ? property(output, "content") : plainValue(output);
  setContent(span, "tool", "output", content);
  const callId = textMember(output, "tool_call_id");
  if (callId !== undefined && callId !== "") span.attributes.set("gen_ai.tool.call.id", callId);
  if (textMember(output, "status") === "error") {
    span.failed = true;
    span.attributes.set("error.type", "tool_error");
    span.statusMessage = typeof content === "string" ? content : "The tool answered with an error.";
  }
  const next = handoffTo(output);
  if (next === undefined) return;
  span.attributes.set("telltale.span.kind", "handoff").set("telltale.handoff.to", next);
}

/** A tool that answers with a command hands the conversation to another agent. */
function handoffTo(output: unknown): string | undefined {
  if (property(output, "lg_name") !== "Command") return undefined;
  const goto: unknown = property(output, "goto");
  const [first] = Array.isArray(goto) ? (goto as readonly unknown[]) : [goto];
  const node = typeof first === "string" ? first : textMember(first, "node");
  return node === undefined || node === "" ? undefined : node;
}
