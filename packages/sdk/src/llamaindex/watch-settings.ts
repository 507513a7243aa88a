import { debug, messageOf } from "../diagnostics.ts";
import { property, textOf } from "../hook/read-object.ts";
import { ToldModelCall } from "../hook/told-model-call.ts";
import { runtime } from "../runtime.ts";
import { now } from "../span/clock.ts";
import { describeValue } from "../span/describe-value.ts";
import { setContent } from "../span/span-content.ts";
import type { SpanRecord } from "../span/span-record.ts";
import { EventRuns } from "./event-runs.ts";
import { describeAnswer, describeModel } from "./model-answer.ts";

/** A callback manager of LlamaIndex.TS, as far as LlamaIndex itself uses one. */
interface Manager {
  on(event: string, handler: (event: unknown) => void): unknown;
  off(event: string, handler: (event: unknown) => void): unknown;
  dispatchEvent(event: string, detail: unknown, sync?: boolean): void;
}

const KINDS = ["query", "retrieve", "synthesize"] as const;
const watched = new WeakSet<object>();

/**
 * Watches LlamaIndex.TS: `Telltale.watchLlamaindex(Settings)`, once. Queries, retrievals with their
 * documents, answers made from them, model calls and tools become spans. `Settings.callbackManager` is set to one that hears
 * each event where it happens and hands it on to the one that was there. Never throws.
 */
export function watchLlamaindex<T extends object>(settings: T): T {
  try {
    const manager: unknown = Reflect.get(settings, "callbackManager");
    if (!isManager(manager)) debug("watchLlamaindex needs the Settings of LlamaIndex.TS.");
    else if (!watched.has(manager)) {
      const listening = listenBefore(manager);
      watched.add(listening);
      Reflect.set(settings, "callbackManager", listening);
    }
  } catch (error) {
    debug(`LlamaIndex is not watched: ${messageOf(error)}`);
  }
  return settings;
}

function isManager(value: unknown): value is Manager {
  return typeof property(value, "dispatchEvent") === "function" && typeof property(value, "on") === "function";
}

function listenBefore(manager: Manager): Manager {
  const runs = new EventRuns();
  const reasonOf = reasonReader(manager);
  const listening: Manager = {
    on: (event, handler) => (manager.on(event, handler), listening),
    off: (event, handler) => (manager.off(event, handler), listening),
    dispatchEvent: (event, detail, sync) => {
      try {
        if (runtime.pipeline !== undefined) hear(runs, event, detail, () => reasonOf(event, detail));
      } catch (error) {
        debug(`An event of LlamaIndex was not understood: ${messageOf(error)}`);
      }
      manager.dispatchEvent(event, detail, sync);
    },
  };
  return listening;
}

/** LlamaIndex says who called only in the event that it makes: a manager of its own class makes one. */
function reasonReader(manager: Manager): (event: string, detail: unknown) => unknown {
  const Class: unknown = manager.constructor;
  const probe: unknown = typeof Class === "function" ? Reflect.construct(Class, []) : undefined;
  if (!isManager(probe)) return () => undefined;
  let reason: unknown;
  const read = (event: unknown): void => void (reason = property(event, "reason"));
  for (const kind of [...KINDS, "llm"]) probe.on(`${kind}-start`, read);
  probe.on("llm-tool-call", read);
  return (event, detail) => {
    reason = undefined;
    probe.dispatchEvent(event, detail, true);
    const found = reason;
    reason = undefined;
    return found;
  };
}

function hear(runs: EventRuns, event: string, detail: unknown, reason: () => unknown): void {
  const id = textOf(detail, "id") ?? "";
  if (event === "llm-start") return startModel(runs, id, detail, reason());
  if (event === "llm-stream") return firstPiece(runs.get(`llm ${id}`));
  if (event === "llm-end") {
    const run = runs.take(`llm ${id}`);
    return run?.end((span) => describeAnswer(span, run, property(detail, "response")));
  }
  if (event === "llm-tool-call") return startTool(runs, property(detail, "toolCall"), reason());
  if (event === "llm-tool-result") {
    const result = property(detail, "toolResult");
    return endTool(
      runs,
      textOf(property(detail, "toolCall"), "id"),
      property(result, "output"),
      property(result, "isError"),
    );
  }
  const kind = KINDS.find((known) => event.startsWith(`${known}-`));
  if (kind === undefined) return;
  if (event.endsWith("-start")) startStep(runs, kind, id, detail, reason());
  else runs.take(`${kind} ${id}`)?.end((span) => endStep(span, kind, detail));
}

function startModel(runs: EventRuns, id: string, detail: unknown, reason: unknown): void {
  const messages = property(detail, "messages");
  // A tool that failed is told of to the model and to nobody else.
  if (Array.isArray(messages)) {
    for (const message of messages as readonly unknown[]) {
      const result = property(property(message, "options"), "toolResult");
      if (result !== undefined)
        endTool(runs, textOf(result, "id"), property(result, "result"), property(result, "isError"));
    }
  }
  const run = runs.begin(`llm ${id}`, "llm", "chat", reason);
  if (run.span !== undefined) describeModel(run.span, run, messages);
}

function firstPiece(run: unknown): void {
  if (!(run instanceof ToldModelCall) || run.isSeen || run.span === undefined) return;
  const { attributes } = run.span;
  if (attributes.has("gen_ai.response.time_to_first_chunk")) return;
  attributes.set("gen_ai.response.time_to_first_chunk", { double: (now() - run.span.startTime) / 1000 });
}

function startTool(runs: EventRuns, call: unknown, reason: unknown): void {
  const name = textOf(call, "name") ?? "tool";
  const callId = textOf(call, "id");
  const { span } = runs.begin(`tool ${callId}`, "tool", `execute_tool ${name}`, reason);
  if (span === undefined) return;
  span.attributes.set("telltale.span.kind", "tool").set("gen_ai.operation.name", "execute_tool");
  span.attributes.set("gen_ai.tool.name", name).set("gen_ai.tool.type", "function");
  if (callId !== undefined) span.attributes.set("gen_ai.tool.call.id", callId);
  setContent(span, "tool", "input", property(call, "input"));
}

function endTool(runs: EventRuns, callId: string | undefined, output: unknown, isError: unknown): void {
  runs.take(`tool ${callId}`)?.end((span) => {
    setContent(span, "tool", "output", output);
    if (isError !== true) return;
    span.failed = true;
    span.attributes.set("error.type", "tool_error");
    span.statusMessage = typeof output === "string" ? output : "The tool failed.";
  });
}

type Step = (typeof KINDS)[number];

function startStep(runs: EventRuns, kind: Step, id: string, detail: unknown, reason: unknown): void {
  const name = kind === "retrieve" ? "retrieval retriever" : kind;
  const { span } = runs.begin(`${kind} ${id}`, kind, name, reason);
  if (span === undefined) return;
  const { attributes } = span;
  const query = property(detail, "query");
  const inner = property(query, "query");
  const text = typeof query === "string" ? query : typeof inner === "string" ? inner : textOf(inner, "query");
  if (kind === "retrieve") {
    attributes.set("telltale.span.kind", "retrieval").set("gen_ai.operation.name", "retrieval");
    attributes.set("gen_ai.data_source.id", "retriever");
    setContent(span, "retrieval", "input", text);
  } else {
    attributes.set("telltale.span.kind", kind === "query" ? "workflow" : "span");
    if (kind === "query")
      attributes.set("gen_ai.operation.name", "invoke_workflow").set("gen_ai.workflow.name", "query");
    setContent(span, kind === "query" ? "workflow" : "task", "input", text);
  }
}

function endStep(span: SpanRecord, kind: Step, detail: unknown): void {
  if (kind === "retrieve") {
    const nodes = property(detail, "nodes");
    if (!Array.isArray(nodes)) return;
    span.attributes.set("telltale.retrieval.count", nodes.length);
    const documents = (nodes as readonly unknown[]).map((node) => documentOf(node));
    const text = runtime.pipeline?.captureContent === true ? describeValue(documents) : undefined;
    if (text !== undefined) span.attributes.set("gen_ai.retrieval.documents", text);
    return;
  }
  // A streamed answer is told by the model call below.
  const answer = property(property(property(detail, "response"), "message"), "content");
  if (typeof answer === "string" && answer !== "") {
    setContent(span, kind === "query" ? "workflow" : "task", "output", answer);
  }
}

function documentOf(found: unknown): Readonly<Record<string, unknown>> {
  const node = property(found, "node");
  const score = property(found, "score");
  const text = textOf(node, "text");
  return {
    id: property(node, "id_"),
    ...(typeof score === "number" ? { score } : {}),
    ...(text === undefined ? {} : { content: text }),
    metadata: property(node, "metadata"),
  };
}
