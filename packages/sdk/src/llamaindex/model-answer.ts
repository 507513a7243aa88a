import { property, textOf } from "../hook/read-object.ts";
import { ToldModelCall } from "../hook/told-model-call.ts";
import type { ToldRun } from "../hook/told-run.ts";
import { runtime } from "../runtime.ts";
import type { SpanRecord } from "../span/span-record.ts";

/** What a model is asked, told by the run only when no request of it is seen. */
export function describeModel(span: SpanRecord, run: ToldRun, messages: unknown): void {
  span.attributes.set("telltale.span.kind", "llm").set("gen_ai.operation.name", "chat");
  const unfinished = (span: SpanRecord): void => describeAnswer(span, run, undefined);
  run.unfinished = unfinished;
  const parts = Array.isArray(messages) ? (messages as readonly unknown[]).map((message) => partsOf(message)) : [];
  if (runtime.pipeline?.captureContent === true && parts.length > 0) asked.set(run, parts);
}

const asked = new WeakMap<ToldRun, readonly object[]>();

/** The answer that came, where nobody saw it coming; of several attempts only that they belong together. */
export function describeAnswer(span: SpanRecord, run: ToldRun, response: unknown): void {
  if (run instanceof ToldModelCall && run.isSeen) {
    span.attributes.clear();
    span.attributes.set("telltale.span.kind", "span");
    return;
  }
  const input = asked.get(run);
  if (input !== undefined) span.attributes.set("gen_ai.input.messages", JSON.stringify(input));
  const message = property(response, "message");
  if (message === undefined || runtime.pipeline?.captureContent !== true) return;
  span.attributes.set("gen_ai.output.messages", JSON.stringify([partsOf(message)]));
}

function partsOf(message: unknown): object {
  const content = property(message, "content");
  const calls = property(property(message, "options"), "toolCall");
  const parts: object[] = [];
  if (typeof content === "string" && content !== "") parts.push({ type: "text", content });
  else if (Array.isArray(content)) {
    for (const part of content as readonly unknown[]) {
      const text = textOf(part, "text");
      parts.push(text === undefined ? { type: textOf(part, "type") ?? "unknown" } : { type: "text", content: text });
    }
  }
  for (const call of Array.isArray(calls) ? (calls as readonly unknown[]) : []) {
    parts.push({
      type: "tool_call",
      id: property(call, "id"),
      name: property(call, "name"),
      arguments: property(call, "input"),
    });
  }
  return { role: textOf(message, "role") ?? "assistant", parts };
}
