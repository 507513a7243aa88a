import type { AttributeMap } from "../attribute-value.ts";
import type { HookSpan, HookSpanStart } from "../hook/hook-span.ts";
import { harmless } from "../hook/install-hooks.ts";
import { OpenSpans } from "../hook/open-spans.ts";
import { RecentIds } from "../hook/recent-ids.ts";
import { listOf, property, textOf } from "../hook/read-object.ts";
import type { Hook } from "../hook.ts";
import { partsMessage } from "../openai/message-parts.ts";
import { inputMessages, outputMessage } from "../openai/responses-items.ts";
import { setUsage } from "../openai/usage.ts";
import { boundMethod, replaceMethod } from "../replace-method.ts";
import { innerScope, runtime, type Scope } from "../runtime.ts";

const NAME = "openai-agents";
// How every copy of @openai/agents-core finds the others (its tracing/provider and tracing/context).
const PROVIDER = Symbol.for("openai.agents.core.traceProvider");
const CONTEXT = Symbol.for("openai.agents.core.asyncLocalStorage");

/** A span that is first heard of by a look at the context has begun a moment ago, or was over long since. */
const LONGEST_UNTOLD_MS = 10_000;

type Start = Omit<HookSpanStart, "hook" | "outer">;

/**
 * Where a span is kept while it is open, and its id when it is over: contexts hold copies of spans, which
 * the end of the span does not reach, and whatever was begun in one (a timer, a socket) goes on in it.
 */
class ToldSpans extends OpenSpans {
  readonly #over = new RecentIds();

  isOver(id: string): boolean {
    return this.#over.has(id);
  }

  end(id: string): HookSpan | undefined {
    this.#over.add(id);
    return this.take(id);
  }
}

/**
 * OpenAI's Agents SDK, by a trace processor at its global trace provider. The provider is made when the
 * SDK is first used, so its place in `globalThis` is watched. What runs is told by the SDK's own context.
 */
export const openaiAgents: Hook = {
  name: NAME,
  install() {
    const spans = new ToldSpans();
    const processor = processorOf(spans);
    const registered = new WeakSet<object>();
    const look = harmless(
      NAME,
      lookOnce(() => activeScope(spans)),
    );
    const register = harmless(NAME, (provider: unknown) => {
      if (typeof provider !== "object" || provider === null || registered.has(provider)) return;
      registered.add(provider);
      // Not before: it is asked for each call of a program.
      runtime.contexts.add(look);
      boundMethod(provider, "registerProcessor")?.(processor);
      // A program that replaces the exporter to OpenAI means that one.
      replaceMethod(provider, "setProcessors", (set) => (list) => {
        set(processor.installed && Array.isArray(list) ? [...list, processor] : list);
      });
    });
    const leave = watchGlobal(PROVIDER, register);
    return () => {
      processor.installed = false;
      runtime.contexts.delete(look);
      leave();
    };
  },
};

/** Calls `told` with the value of a global, now and whenever it is set. Answers with what ends that. */
function watchGlobal(key: symbol, told: (value: unknown) => void): () => void {
  let value: unknown = Reflect.get(globalThis, key);
  told(value);
  if (value !== undefined) return () => {};
  const set = (next: unknown): void => {
    value = next;
    told(next);
  };
  Reflect.defineProperty(globalThis, key, { get: () => value, set, configurable: true, enumerable: false });
  return () => {
    if (Object.getOwnPropertyDescriptor(globalThis, key)?.set !== set) return;
    Reflect.deleteProperty(globalThis, key);
    if (value !== undefined) Reflect.defineProperty(globalThis, key, { value, writable: true, configurable: true });
  };
}

interface Processor {
  installed: boolean;
  onTraceStart(trace: unknown): Promise<void>;
  onTraceEnd(trace: unknown): Promise<void>;
  onSpanStart(span: unknown): Promise<void>;
  onSpanEnd(span: unknown): Promise<void>;
  shutdown(): Promise<void>;
  forceFlush(): Promise<void>;
}

function processorOf(spans: ToldSpans): Processor {
  const tell = (work: (told: unknown) => void): ((told: unknown) => Promise<void>) => {
    const told = harmless(NAME, work);
    return (value) => {
      if (processor.installed) told(value);
      return Promise.resolve();
    };
  };
  const processor: Processor = {
    installed: true,
    onTraceStart: tell((trace) => beginTrace(spans, trace)),
    onTraceEnd: tell((trace) => spans.take(textOf(trace, "traceId") ?? "")?.end()),
    onSpanStart: tell((span) => void spanOf(spans, span)),
    onSpanEnd: tell((span) => endSpan(spans, span)),
    shutdown: () => Promise.resolve(),
    forceFlush: () => Promise.resolve(),
  };
  return processor;
}

/** A span that begins while it is looked for asks what is active around it. */
function lookOnce(look: () => Scope | undefined): () => Scope | undefined {
  let looking = false;
  return () => {
    if (looking) return undefined;
    looking = true;
    try {
      return look();
    } finally {
      looking = false;
    }
  };
}

function contextStore(): unknown {
  const storage = property(globalThis, CONTEXT);
  return typeof storage === "object" && storage !== null ? boundMethod(storage, "getStore")?.() : undefined;
}

/** What the SDK's own context says is running. */
function activeScope(spans: ToldSpans): Scope | undefined {
  const store = contextStore();
  if (property(store, "active") !== true) return undefined;
  const told = property(store, "span");
  const age = Date.now() - Date.parse(textOf(told, "startedAt") ?? "");
  const isKnown = spans.get(textOf(told, "spanId") ?? "") !== undefined;
  const span = isKnown || age < LONGEST_UNTOLD_MS ? spanOf(spans, told) : undefined;
  return (span ?? spanOf(spans, property(store, "trace")))?.scope;
}

/** The span for a trace or a span of the SDK; that of a span begins when it is first heard of. */
function spanOf(spans: ToldSpans, told: unknown): HookSpan | undefined {
  const traceId = textOf(told, "traceId") ?? "";
  const id = textOf(told, "spanId") ?? traceId;
  if (id === "") return undefined;
  const open = spans.get(id);
  if (open !== undefined) return open;
  // A trace does not say whether it is over: its start is what begins it.
  if (id === traceId || spans.isOver(id)) return undefined;
  const parent = spans.get(textOf(told, "parentId") ?? traceId);
  if (property(told, "startedAt") === null || property(told, "endedAt") !== null) return undefined;
  const data = property(told, "spanData");
  // One run inside a trace: the agents in it are told.
  if (textOf(data, "type") === "task") {
    if (parent !== undefined) spans.alias(id, parent);
    return parent;
  }
  const outer = innerScope(runtime.storage.getStore(), parent?.scope);
  const span = spans.begin(id, { ...startOf(data), hook: NAME, outer });
  span.set("gen_ai.agent.name", textOf(data, "agent_name"));
  return span;
}

/** The context that a trace began in; the SDK marks it when the trace is over. */
const contexts = new WeakMap<HookSpan, WeakRef<object>>();

/** A trace whose work throws is never told as ended: it is over when its context is. */
function endFailedTrace(spans: ToldSpans, traceId: string, failure: string): void {
  const span = spans.get(traceId);
  if (span === undefined) return;
  span.failWith("_OTHER", failure);
  setImmediate(() => {
    if (property(contexts.get(span)?.deref(), "active") === false) spans.take(traceId)?.end();
  }).unref();
}

function beginTrace(spans: ToldSpans, trace: unknown): void {
  const subject = textOf(trace, "name") ?? "Agent workflow";
  const outer = runtime.storage.getStore();
  const start = { hook: NAME, name: `invoke_workflow ${subject}`, kind: "workflow", subject, outer } as const;
  const span = spans.begin(textOf(trace, "traceId") ?? "", start);
  const sessionId = textOf(trace, "groupId");
  if (sessionId !== undefined) span.belongTo({ sessionId });
  // What nobody ends is over when the SDK drops it.
  if (typeof trace === "object" && trace !== null) span.watch(trace);
  const store = contextStore();
  if (typeof store === "object" && store !== null) contexts.set(span, new WeakRef(store));
}

function startOf(data: unknown): Start {
  const subject = textOf(data, "name");
  const type = textOf(data, "type") ?? "span";
  if (type === "agent") return { name: `invoke_agent ${subject ?? "agent"}`, kind: "agent", subject };
  if (type === "turn") return { name: `turn ${String(property(data, "turn") ?? "")}`.trimEnd(), kind: "task" };
  if (type === "function") return { name: `execute_tool ${subject ?? "function"}`, kind: "tool", subject };
  if (type === "handoff") return { name: "handoff", kind: "handoff" };
  if (type === "guardrail") return { name: `guardrail ${subject ?? ""}`.trimEnd(), kind: "guardrail" };
  if (type === "generation" || type === "response") return { name: "chat", kind: "llm" };
  if (type === "mcp_tools") return { name: "tools/list", kind: "span" };
  return { name: subject ?? type, kind: "span" };
}

function endSpan(spans: ToldSpans, told: unknown): void {
  const data = property(told, "spanData");
  const id = textOf(told, "spanId") ?? "";
  const failure = textOf(property(told, "error"), "message");
  const span = spans.end(id);
  if (failure !== undefined && textOf(told, "parentId") === undefined) {
    endFailedTrace(spans, textOf(told, "traceId") ?? "", failure);
  }
  if (span === undefined || textOf(data, "type") === "task") return;
  if (failure !== undefined) span.failWith("_OTHER", failure);
  setData(span, data);
  span.end((attributes) => describeCall(attributes, data));
}

function setData(span: HookSpan, data: unknown): void {
  const type = textOf(data, "type");
  if (type === "function") {
    span.setInput(property(data, "input"));
    span.setOutput(property(data, "output"));
    if (textOf(data, "mcp_data") !== undefined) span.set("gen_ai.tool.type", "extension");
  } else if (type === "handoff") {
    const to = textOf(data, "to_agent");
    span.set("telltale.handoff.from", textOf(data, "from_agent"));
    span.set("telltale.handoff.to", to);
    if (to !== undefined) span.rename(`handoff ${to}`);
  } else if (type === "guardrail") {
    span.set("telltale.guardrail.triggered", property(data, "triggered"));
  } else if (type === "mcp_tools") {
    span.set("mcp.method.name", "tools/list");
    span.set("telltale.mcp.server", textOf(data, "server"));
    span.setOutput(property(data, "result"));
  } else if (type === "custom") {
    span.setInput(property(data, "data"));
  }
}

/** For models that no wire sees. */
function describeCall(attributes: AttributeMap, data: unknown): void {
  const response = property(data, "_response") ?? listOf(data, "output")[0];
  const model = textOf(data, "model") ?? textOf(response, "model");
  const responseId = textOf(data, "response_id") ?? textOf(response, "id");
  if (model !== undefined) attributes.set("gen_ai.request.model", model);
  if (responseId !== undefined) attributes.set("gen_ai.response.id", responseId);
  setUsage(attributes, property(data, "usage") ?? property(response, "usage"));
  if (runtime.pipeline?.captureContent !== true) return;
  const input = property(data, "_input") ?? property(data, "input");
  const sent = inputMessages(input);
  if (sent.length > 0) attributes.set("gen_ai.input.messages", JSON.stringify(sent));
  const choices = listOf(response, "choices").map((choice) => partsMessage(property(choice, "message")));
  const items = listOf(response, "output");
  const answer = choices.length > 0 ? choices : items.length > 0 ? [outputMessage(items, undefined)] : [];
  if (answer.length > 0) attributes.set("gen_ai.output.messages", JSON.stringify(answer));
}
