import { property } from "../hook/read-object.ts";
import { runtime } from "../runtime.ts";
import { describeValue } from "../span/describe-value.ts";
import type { SpanRecord } from "../span/span-record.ts";
import { partsMessageOf, partsMessages, plainValue } from "./messages.ts";

type Kind = "workflow" | "agent" | "task";

/** What a chain or a graph was given: messages as messages, everything else as JSON. */
export function setInput(span: SpanRecord, kind: Kind, inputs: unknown): void {
  if (runtime.pipeline?.captureContent !== true) return;
  // LangChain wraps what is no object; a streamed input is told at the end.
  const value = onlyMember(inputs, "input") ?? inputs;
  if (value === undefined || value === "") return;
  const messages = kind === "task" ? undefined : messagesIn(value);
  if (messages !== undefined) span.attributes.set("gen_ai.input.messages", JSON.stringify(messages));
  else setText(span, "telltale.input", value);
}

/** What came out; of a conversation the last message, since the rest was there before or is told by the spans below. */
export function setOutput(span: SpanRecord, kind: Kind, outputs: unknown): void {
  if (runtime.pipeline?.captureContent !== true) return;
  const value = onlyMember(outputs, "output") ?? outputs;
  if (value === undefined) return;
  const last = kind === "task" ? undefined : messagesIn(value)?.at(-1);
  if (last === undefined) return setText(span, "telltale.output", value);
  const message = last.role === "user" && typeof value === "string" ? { ...last, role: "assistant" } : last;
  span.attributes.set("gen_ai.output.messages", JSON.stringify([message]));
}

function setText(span: SpanRecord, name: string, value: unknown): void {
  const text = describeValue(plainValue(value));
  if (text !== undefined) span.attributes.set(name, text);
}

function messagesIn(value: unknown): ReturnType<typeof partsMessages> {
  if (typeof value === "string") return partsMessages([value]);
  const listed = partsMessages(Array.isArray(value) ? value : property(value, "messages"));
  if (listed !== undefined) return listed;
  const message = Array.isArray(value) ? undefined : partsMessageOf(value);
  return message === undefined ? undefined : [message];
}

/** The member of an object that has no other. */
function onlyMember(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const keys = Object.keys(value);
  return keys.length === 1 && keys[0] === name ? property(value, name) : undefined;
}
