import type { AttributeMap } from "../attribute-value.ts";
import { HookSpan, type HookSpanStart } from "../hook/hook-span.ts";
import { OpenSpans } from "../hook/open-spans.ts";
import { listOf, numberOf, property, textOf } from "../hook/read-object.ts";
import { describeAnswer, describeRequest } from "./describe-call.ts";
import { answerText } from "./messages.ts";

type Start = Omit<HookSpanStart, "hook" | "outer">;

/** What is known of a span of the AI SDK while it is open. */
interface Operation {
  readonly type: string;
  readonly callId: string;
  readonly event: unknown;
}

/** Spans that begin below an operation and may be left open by it. */
const INNER = new Set(["step", "languageModelCall", "executeTool"]);

/** The operations of the AI SDK that are going on, told by messages of its channel. */
export class Operations {
  readonly #hook: string;
  readonly #known = new WeakMap<HookSpan, Operation>();
  /** `generateText` and the like, by the id that everything in them carries. */
  readonly #roots = new OpenSpans();
  readonly #inner = new WeakMap<HookSpan, Set<HookSpan>>();
  readonly #failed = new WeakSet<HookSpan>();
  /** Streams whose answer is still being read. */
  readonly #streaming = new WeakMap<HookSpan, HookSpan>();

  constructor(hook: string) {
    this.#hook = hook;
  }

  /** Begins the span for a message; undefined for what the SDK has no words for yet. */
  begin(message: object): HookSpan | undefined {
    const event = property(message, "event");
    const type = textOf(message, "type") ?? "";
    const callId = textOf(event, "callId") ?? "";
    const isInner = INNER.has(type);
    const root = isInner ? this.#roots.get(callId) : undefined;
    const start: HookSpanStart = { ...startOf(type, event), hook: this.#hook };
    const span = isInner || callId === "" ? new HookSpan(start) : this.#roots.begin(callId, start);
    span.watch(message);
    this.#known.set(span, { type, callId, event });
    if (root === undefined) this.#inner.set(span, new Set());
    else this.#inner.get(root)?.add(span);
    setInput(span, type, event);
    return span;
  }

  /** The end that the channel tells; an answer that streams is awaited. */
  end(span: HookSpan, message: object): void {
    const known = this.#known.get(span);
    if (known === undefined || !span.open) return;
    const { type, callId, event } = known;
    const error = property(message, "error");
    const result = property(message, "result");
    if (error !== undefined && !this.#failed.has(span)) span.fail(error);
    const root = this.#roots.get(callId);
    if (type === "languageModelCall" && error === undefined && property(result, "stream") !== undefined) {
      if (root !== undefined) this.#streaming.set(root, span);
      return;
    }
    if (type === "executeTool") setToolOutput(span, result);
    if (span === root) {
      this.#roots.take(callId);
      this.#endInner(span);
      if (type === "generateText") span.setOutput(textOf(result, "text") ?? answerText(property(result, "content")));
    }
    span.end((attributes) => describe(attributes, event, result));
  }

  /** A model answered, in one piece or streamed; told before the tools that it asked for run. */
  answered(event: unknown): void {
    const root = this.#roots.get(textOf(event, "callId") ?? "");
    const span = root === undefined ? undefined : this.#streaming.get(root);
    if (root === undefined || span === undefined) return;
    this.#streaming.delete(root);
    span.end((attributes) => describe(attributes, this.#known.get(span)?.event, event));
  }

  /** All was said; for a stream nothing else tells what. */
  said(event: unknown): void {
    const root = this.#roots.get(textOf(event, "callId") ?? "");
    if (root !== undefined) root.setOutput(textOf(event, "text") ?? property(event, "object"));
  }

  /** The program gave up. */
  aborted(event: unknown): void {
    this.#close(event, (span) => span.set("telltale.outcome", "aborted"));
  }

  /** It failed; of streams nothing else tells it, or only that there is no output. */
  failed(event: unknown): void {
    const error = property(event, "error");
    this.#close(event, (span) => {
      this.#failed.add(span);
      span.fail(error);
    });
  }

  #close(event: unknown, mark: (span: HookSpan) => void): void {
    const root = this.#roots.take(textOf(event, "callId") ?? "");
    if (root === undefined) return;
    this.#endInner(root, mark);
    mark(root);
    root.end();
  }

  #endInner(root: HookSpan, mark?: (span: HookSpan) => void): void {
    for (const span of this.#inner.get(root) ?? []) {
      mark?.(span);
      span.end((attributes) => describeRequest(attributes, this.#known.get(span)?.event));
    }
  }
}

function startOf(type: string, event: unknown): Start {
  const subject = textOf(event, "functionId");
  if (type === "generateText" || type === "streamText") {
    if (subject !== undefined) return { name: `invoke_agent ${subject}`, kind: "agent", subject };
    const tools = property(event, "tools");
    return { name: type, kind: typeof tools === "object" && tools !== null ? "agent" : "task" };
  }
  const model = textOf(event, "modelId");
  const named = (operation: string): string => (model === undefined ? operation : `${operation} ${model}`);
  if (type === "step") return { name: `step ${(numberOf(event, "stepNumber") ?? 0) + 1}`, kind: "task" };
  if (type === "languageModelCall") return { name: named("chat"), kind: "llm" };
  if (type === "embed" || type === "embedMany") return { name: named("embeddings"), kind: "embedding" };
  if (type === "rerank") return { name: named("rerank"), kind: "rerank" };
  if (type !== "executeTool") return { name: subject ?? type, kind: "task" };
  const tool = textOf(property(event, "toolCall"), "toolName") ?? "tool";
  return { name: `execute_tool ${tool}`, kind: "tool", subject: tool };
}

function setInput(span: HookSpan, type: string, event: unknown): void {
  if (type === "executeTool") {
    const call = property(event, "toolCall");
    span.set("gen_ai.tool.call.id", textOf(call, "toolCallId"));
    span.setInput(property(call, "input"));
  } else if (type === "generateText" || type === "streamText") {
    const messages = listOf(event, "messages");
    const only = messages.length === 1 ? property(messages[0], "content") : undefined;
    span.setInput(typeof only === "string" ? only : messages);
  }
}

function setToolOutput(span: HookSpan, result: unknown): void {
  const output = property(result, "output");
  if (textOf(output, "type") === "tool-error") span.fail(property(output, "error"));
  else span.setOutput(property(output, "output"));
}

function describe(attributes: AttributeMap, event: unknown, result: unknown): void {
  describeRequest(attributes, event);
  describeAnswer(attributes, result);
}
