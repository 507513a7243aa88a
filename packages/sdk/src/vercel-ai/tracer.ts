import type { AttributeMap } from "../attribute-value.ts";
import { HookSpan, type HookSpanStart } from "../hook/hook-span.ts";
import { harmless } from "../hook/install-hooks.ts";
import { property, textOf } from "../hook/read-object.ts";
import { jsonOrText, parseJson } from "../json/read-json.ts";
import { runtime } from "../runtime.ts";
import { describeAnswer, describeRequest } from "./describe-call.ts";

const NAME = "vercel-ai";
const NO_TRACE = "0".repeat(32);
const NO_SPAN = "0".repeat(16);
/** Of an OpenTelemetry span: `SpanStatusCode.ERROR`. */
const ERROR = 2;

/** A span as the AI SDK uses it, by the interface of `@opentelemetry/api`. */
export interface TracerSpan {
  spanContext(): { readonly traceId: string; readonly spanId: string; readonly traceFlags: number };
  setAttribute(name: string, value: unknown): this;
  setAttributes(attributes: Readonly<Record<string, unknown>>): this;
  addEvent(name: string, attributes?: unknown, time?: unknown): this;
  addLink(link: unknown): this;
  addLinks(links: unknown): this;
  setStatus(status: { readonly code: number; readonly message?: string }): this;
  updateName(name: string): this;
  end(time?: unknown): void;
  isRecording(): boolean;
  recordException(error: unknown, time?: unknown): void;
}

/** What `experimental_telemetry: { isEnabled: true, tracer }` of the AI SDK takes. */
export interface Tracer {
  startSpan(name: string, options?: unknown, context?: unknown): TracerSpan;
  startActiveSpan<T>(name: string, work: (span: TracerSpan) => T): T;
  startActiveSpan<T>(name: string, options: unknown, work: (span: TracerSpan) => T): T;
  startActiveSpan<T>(name: string, options: unknown, context: unknown, work: (span: TracerSpan) => T): T;
}

/**
 * For the AI SDK 4 to 6, which have no door but a tracer in each call. Not a tracer for other uses:
 * of attributes it takes those that the AI SDK sets.
 */
export const tracer: Tracer = {
  startSpan: (name, options) => begin(name, options),
  startActiveSpan: <T>(name: string, ...values: readonly unknown[]): T => {
    const work = values.at(-1) as (span: TracerSpan) => T;
    const span = begin(name, values.length > 1 ? values[0] : undefined);
    return span.hookSpan === undefined ? work(span) : span.hookSpan.run(() => work(span));
  },
};

function begin(name: string, options: unknown): AiSpan {
  const attributes = property(options, "attributes");
  const start = harmless(NAME, () => new HookSpan({ ...startOf(name, attributes), hook: NAME }));
  return new AiSpan(runtime.pipeline === undefined ? undefined : start(), attributes);
}

type Attributes = Map<string, unknown>;

class AiSpan implements TracerSpan {
  readonly hookSpan: HookSpan | undefined;
  readonly #attributes: Attributes = new Map();

  constructor(span: HookSpan | undefined, attributes: unknown) {
    this.hookSpan = span;
    this.setAttributes(attributes);
    // What a stream that nobody reads leaves behind.
    span?.watch(this);
  }

  spanContext(): ReturnType<TracerSpan["spanContext"]> {
    const { traceId = NO_TRACE, spanId = NO_SPAN } = this.hookSpan?.told.span ?? {};
    return { traceId, spanId, traceFlags: 1 };
  }

  setAttribute(name: string, value: unknown): this {
    if (this.hookSpan?.open === true) this.#attributes.set(name, value);
    return this;
  }

  setAttributes(attributes: unknown): this {
    if (typeof attributes !== "object" || attributes === null) return this;
    for (const [name, value] of Object.entries(attributes)) this.setAttribute(name, value);
    return this;
  }

  addEvent(): this {
    return this;
  }

  addLink(): this {
    return this;
  }

  addLinks(): this {
    return this;
  }

  setStatus(status: { readonly code: number; readonly message?: string }): this {
    const { hookSpan } = this;
    if (status.code === ERROR && hookSpan?.told.span?.failed === false)
      hookSpan.failWith("_OTHER", status.message ?? "");
    return this;
  }

  updateName(): this {
    return this;
  }

  end(): void {
    const { hookSpan } = this;
    if (hookSpan === undefined) return;
    harmless(NAME, setContent)(hookSpan, this.#attributes);
    hookSpan.end((attributes) => describeCall(attributes, this.#attributes));
  }

  isRecording(): boolean {
    return this.hookSpan?.open === true;
  }

  recordException(error: unknown): void {
    this.hookSpan?.fail(error instanceof Error ? error : exceptionOf(error));
  }
}

/** The AI SDK tells a name, a message and a stack. */
function exceptionOf(told: unknown): unknown {
  const error = new Error(textOf(told, "message") ?? String(told));
  error.name = textOf(told, "name") ?? error.name;
  const stack = textOf(told, "stack");
  if (stack !== undefined) error.stack = stack;
  return error;
}

function startOf(name: string, attributes: unknown): Omit<HookSpanStart, "hook"> {
  const operation = textOf(attributes, "ai.operationId") ?? name;
  const subject = textOf(attributes, "ai.telemetry.functionId");
  const model = textOf(attributes, "ai.model.id");
  const named = (verb: string): string => (model === undefined ? verb : `${verb} ${model}`);
  if (/\.do(Generate|Stream)$/.test(operation)) return { name: named("chat"), kind: "llm" };
  if (operation.startsWith("ai.embed")) return { name: named("embeddings"), kind: "embedding" };
  if (operation === "ai.toolCall") {
    const tool = textOf(attributes, "ai.toolCall.name") ?? "tool";
    return { name: `execute_tool ${tool}`, kind: "tool", subject: tool };
  }
  if (subject !== undefined) return { name: `invoke_agent ${subject}`, kind: "agent", subject };
  return { name: operation.replace(/^ai\./, ""), kind: "task" };
}

function setContent(span: HookSpan, told: Attributes): void {
  const text = (name: string): string | undefined => {
    const value = told.get(name);
    return typeof value === "string" ? value : undefined;
  };
  const operation = text("ai.operationId");
  if (operation === "ai.toolCall") {
    span.set("gen_ai.tool.call.id", text("ai.toolCall.id"));
    span.setInput(text("ai.toolCall.args"));
    span.setOutput(text("ai.toolCall.result"));
  } else if (operation !== undefined && !/\.do[A-Z]\w+$/.test(operation)) {
    const prompt = parseJson(text("ai.prompt"));
    span.setInput(property(prompt, "prompt") ?? property(prompt, "messages"));
    span.setOutput(text("ai.response.text") ?? text("ai.response.object"));
  }
}

/** For models that no wire sees. */
function describeCall(attributes: AttributeMap, told: Attributes): void {
  const messages = told.get("ai.prompt.messages");
  describeRequest(attributes, {
    modelId: told.get("ai.model.id"),
    provider: told.get("ai.model.provider"),
    temperature: told.get("gen_ai.request.temperature"),
    topP: told.get("gen_ai.request.top_p"),
    topK: told.get("gen_ai.request.top_k"),
    maxOutputTokens: told.get("gen_ai.request.max_tokens"),
    messages: typeof messages === "string" ? parseJson(messages) : undefined,
  });
  const calls = told.get("ai.response.toolCalls");
  const toolCalls: unknown = typeof calls === "string" ? jsonOrText(calls) : undefined;
  const answer = told.get("ai.response.text") ?? told.get("ai.response.object");
  describeAnswer(attributes, {
    responseId: told.get("ai.response.id"),
    response: { modelId: told.get("ai.response.model") },
    finishReason: told.get("ai.response.finishReason"),
    usage: {
      inputTokens: told.get("gen_ai.usage.input_tokens"),
      outputTokens: told.get("gen_ai.usage.output_tokens"),
      inputTokenDetails: { cacheReadTokens: told.get("ai.usage.cachedInputTokens") },
      outputTokenDetails: { reasoningTokens: told.get("ai.usage.reasoningTokens") },
      tokens: told.get("ai.usage.tokens"),
    },
    content: [
      ...(typeof answer === "string" && answer !== "" ? [{ type: "text", text: answer }] : []),
      ...(Array.isArray(toolCalls) ? toolCalls.map((call: unknown) => ({ ...Object(call), type: "tool-call" })) : []),
    ],
  });
}
