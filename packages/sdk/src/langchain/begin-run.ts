import { property } from "../hook/read-object.ts";
import { ToldModelCall } from "../hook/told-model-call.ts";
import { ToldRun } from "../hook/told-run.ts";
import { inherit, isSettable } from "../span/association.ts";
import { setContent } from "../span/span-content.ts";
import type { LangchainRun, Place } from "./callback-handler.ts";
import { describeModelStart } from "./describe-model-call.ts";
import { textMember } from "./messages.ts";
import { DEFAULT_GRAPH, nameOf, type RunShape, shapeOf } from "./run-shape.ts";
import { setInput } from "./state-content.ts";

interface Started extends Place {
  readonly serialized: unknown;
  readonly tags: unknown;
  readonly metadata: unknown;
}

/** Where LangChain's people write down the conversation and the user, best first (LangSmith reads the same). */
const SESSIONS = ["session_id", "thread_id", "conversation_id", "sessionId", "threadId"];
const USERS = ["user_id", "userId"];
/** What LangChain and LangGraph write down for themselves, beside what the program wrote. */
const OWN_TAG = /^(?:seq:step:|map:key:|graph:step:|langsmith:|condition:|branch:)/;
const OWN_METADATA = /^(?:ls_|lc_|langgraph_|checkpoint|__|versions$|thread_id$|timeoutMs$|tool_call_id$)/;
/** As many as `setTags` and `setMetadata` keep. */
const MOST_LABELS = 64;

/** A chain, a graph, a node of one, or a step between them. */
export function beginChain(
  started: Started & {
    readonly inputs: unknown;
    readonly runType: unknown;
    readonly runName: unknown;
  },
): LangchainRun {
  const { parent, outer, inputs } = started;
  const tags = Array.isArray(started.tags) ? (started.tags as readonly unknown[]) : [];
  const shape = shapeOf({ ...started, tags, isRoot: parent === undefined });
  if (shape.isGraph && isNodeItself(shape, parent)) return adopt(shape, parent);
  if (shape.isNode && parent !== undefined) meetNode(parent, shape.name);
  const { kind, name } = shape;
  const run = new ToldRun({ name, parent: parent?.run, outer, folded: kind === undefined });
  const { span } = run;
  if (span === undefined || kind === undefined) return { run, shape };
  span.attributes.set("telltale.span.kind", kind === "task" ? "span" : kind);
  if (kind === "workflow") {
    span.attributes.set("gen_ai.operation.name", "invoke_workflow").set("gen_ai.workflow.name", name);
  }
  associate(run, started);
  if (kind === "agent") becomeAgent([run], name);
  // A node gets the whole state, which every other node got too: what it changes says more.
  if (!shape.isNode) setInput(span, kind, inputs);
  return { run, shape };
}

/** A graph that is a node of another graph, under the node's name or under none: one span tells both. */
function isNodeItself(shape: RunShape, parent: LangchainRun | undefined): parent is LangchainRun {
  if (parent?.shape?.isNode !== true || parent.run.span === undefined) return false;
  return shape.name === parent.shape.name || (shape.kind === "workflow" && shape.name === DEFAULT_GRAPH);
}

function adopt(shape: RunShape, parent: LangchainRun): LangchainRun {
  const run = new ToldRun({ name: shape.name, parent: parent.run, folded: true });
  if (shape.kind === "agent") becomeAgent([parent.run, run], shape.name);
  return { run, shape: { ...shape, kind: undefined }, node: parent };
}

/**
 * LangGraph does not say which graphs are agents: those that LangChain builds have nodes of these
 * names, and graphs built by hand after its pattern call them the same.
 */
function meetNode(graph: LangchainRun, name: string): void {
  if (graph.shape?.isGraph !== true) return;
  const nodes = (graph.nodes ??= new Set());
  nodes.add(name);
  if (!nodes.has("model_request") && !(nodes.has("agent") && nodes.has("tools"))) return;
  const given = graph.shape.name === DEFAULT_GRAPH ? (graph.node?.shape?.name ?? "agent") : graph.shape.name;
  becomeAgent(graph.node === undefined ? [graph.run] : [graph.node.run, graph.run], given);
}

/** The first of the runs has the span; what begins in any of them is the agent's. */
function becomeAgent(runs: readonly ToldRun[], name: string): void {
  const span = runs[0]?.span;
  if (span === undefined || (span.attributes.get("telltale.span.kind") === "agent" && span.agentName === name)) return;
  span.name = `invoke_agent ${name}`;
  span.agentName = name;
  span.attributes.set("telltale.span.kind", "agent").set("gen_ai.operation.name", "invoke_agent");
  span.attributes.set("gen_ai.agent.name", name);
  span.attributes.delete("gen_ai.workflow.name");
  for (const { scope } of runs) scope.agentName = name;
}

/** Whom and what the run is for, as its configuration says; the runs below it are for the same. */
function associate({ span, scope }: ToldRun, { metadata, tags }: Pick<Started, "metadata" | "tags">): void {
  if (span === undefined) return;
  span.sessionId ??= firstOf(metadata, SESSIONS);
  span.userId ??= firstOf(metadata, USERS);
  const told = (Array.isArray(tags) ? tags : []).filter((tag) => typeof tag === "string" && !OWN_TAG.test(tag));
  if (told.length > 0) span.tags = [...new Set([...(span.tags ?? []), ...(told as string[])])].slice(0, MOST_LABELS);
  const facts = typeof metadata === "object" && metadata !== null ? Object.entries(metadata) : [];
  const own = facts.filter(([key, value]) => !OWN_METADATA.test(key) && isSettable(value));
  if (own.length > 0) span.metadata = new Map([...(span.metadata ?? []), ...own].slice(0, MOST_LABELS));
  Object.assign(scope, inherit(span));
}

function firstOf(metadata: unknown, names: readonly string[]): string | undefined {
  for (const name of names) {
    const text = textMember(metadata, name);
    if (text !== undefined && text !== "") return text;
  }
  return undefined;
}

/** A chat model, or a model that completes text. */
export function beginModel(started: Started & { readonly input: unknown; readonly extra: unknown }): LangchainRun {
  const { serialized, parent, outer, neighbour } = started;
  const leader = neighbour instanceof ToldModelCall ? neighbour : undefined;
  const run = new ToldModelCall({ name: nameOf(serialized, undefined), parent: parent?.run, outer }, leader);
  if (run.span !== undefined) {
    associate(run, started);
    describeModelStart(run, run.span, started);
  }
  return { run, shape: undefined };
}

/** A tool that runs, with its arguments as JSON. */
export function beginTool(
  started: Started & { readonly input: unknown; readonly runName: unknown; readonly toolCallId: unknown },
): LangchainRun {
  const name = nameOf(started.serialized, started.runName);
  const run = new ToldRun({ name: `execute_tool ${name}`, parent: started.parent?.run, outer: started.outer });
  const { span } = run;
  if (span !== undefined) {
    associate(run, started);
    const { attributes } = span;
    attributes.set("telltale.span.kind", "tool").set("gen_ai.operation.name", "execute_tool");
    attributes.set("gen_ai.tool.name", name).set("gen_ai.tool.type", "function");
    const id = started.toolCallId ?? property(started.metadata, "tool_call_id");
    if (typeof id === "string") attributes.set("gen_ai.tool.call.id", id);
    setContent(span, "tool", "input", started.input);
  }
  return { run, shape: undefined };
}

/** A search in the program's own knowledge. */
export function beginRetriever(
  started: Started & { readonly query: unknown; readonly runName: unknown },
): LangchainRun {
  const name = nameOf(started.serialized, started.runName);
  const run = new ToldRun({ name: `retrieval ${name}`, parent: started.parent?.run, outer: started.outer });
  const { span } = run;
  if (span !== undefined) {
    associate(run, started);
    span.attributes.set("telltale.span.kind", "retrieval").set("gen_ai.operation.name", "retrieval");
    span.attributes.set("gen_ai.data_source.id", name);
    setContent(span, "retrieval", "input", started.query);
  }
  return { run, shape: undefined };
}
