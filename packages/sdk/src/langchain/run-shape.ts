import { property } from "../hook/read-object.ts";
import { textMember } from "./messages.ts";

/** What LangChain tells of a chain when it starts. */
export interface StartedChain {
  /** `{ id: ["langchain_core", "runnables", "RunnableSequence"] }` and more. */
  readonly serialized: unknown;
  readonly isRoot: boolean;
  readonly tags: readonly unknown[];
  readonly metadata: unknown;
  readonly runType: unknown;
  readonly runName: unknown;
}

/** What a chain's run is to people. `undefined` as kind: plumbing that has no span of its own. */
export interface RunShape {
  readonly kind: "workflow" | "agent" | "task" | undefined;
  readonly name: string;
  /** A graph of LangGraph, with nodes below it. */
  readonly isGraph: boolean;
  /** A node of a graph, as the program named it. */
  readonly isNode: boolean;
}

/** The name of a graph that was given none. */
export const DEFAULT_GRAPH = "LangGraph";
/** LangGraph marks steps of its own with it. */
const HIDDEN = "langsmith:hidden";
const GRAPHS = new Set(["CompiledStateGraph", "CompiledGraph", "Pregel", "RemoteGraph"]);
const PLUMBING = /^(?:ChannelWrite|ChannelRead|Branch|RunnableCallable|__start__|__end__|_write|_control_branch)/;

/**
 * Which runs people know: whole chains and graphs, agents, nodes, and steps that the program gave
 * a name. Sequences, maps, lambdas without a name, prompts, parsers and LangGraph's own steps are
 * folded: what runs below them hangs from the next run above that people know.
 */
export function shapeOf({ serialized, isRoot, tags, metadata, runType, runName }: StartedChain): RunShape {
  const path = idOf(serialized);
  const className = path.at(-1) ?? "";
  const name = typeof runName === "string" && runName !== "" ? runName : className || "chain";
  const isGraph = GRAPHS.has(className) || path.at(-2) === "pregel";
  if (tags.includes(HIDDEN)) return { kind: undefined, name, isGraph: false, isNode: false };
  if (isGraph) return { ...graphShape(name, metadata), isGraph: true, isNode: false };
  if (className === "AgentExecutor") return { kind: "agent", name, isGraph: false, isNode: false };
  if (isRoot) return { kind: "workflow", name, isGraph: false, isNode: false };
  const isStep = tags.some((tag) => typeof tag === "string" && tag.startsWith("graph:step:"));
  const isNode = isStep && textMember(metadata, "langgraph_node") === name;
  // The agent that LangGraph builds names its way of making a prompt.
  const isPrompt =
    name === "prompt" && className === "RunnableLambda" && textMember(metadata, "langgraph_node") === "agent";
  const isPlumbing = !isNode && (isPrompt || isOwnName(name, className, path, runType) || PLUMBING.test(name));
  return { kind: isPlumbing ? undefined : "task", name, isGraph: false, isNode };
}

function graphShape(name: string, metadata: unknown): Pick<RunShape, "kind" | "name"> {
  const isAgent = textMember(metadata, "ls_integration") === "langchain_create_agent";
  const agentName = textMember(metadata, "lc_agent_name");
  if (!isAgent || (agentName !== undefined && agentName !== name)) return { kind: "workflow", name };
  return { kind: "agent", name: name === DEFAULT_GRAPH ? "agent" : name };
}

/** Whether the run is named after LangChain's class: nobody gave it a name. */
function isOwnName(name: string, className: string, path: readonly string[], runType: unknown): boolean {
  if (name !== className && !name.startsWith(`${className}<`)) return false;
  return runType === "prompt" || runType === "parser" || path[0] === "langchain_core" || path[0] === "langgraph";
}

function idOf(serialized: unknown): readonly string[] {
  const id = property(serialized, "id");
  return Array.isArray(id) ? (id as readonly unknown[]).filter((part) => typeof part === "string") : [];
}

/** The class of a model, a tool or a retriever, or the name that the run was given. */
export function nameOf(serialized: unknown, runName: unknown): string {
  if (typeof runName === "string" && runName !== "") return runName;
  return idOf(serialized).at(-1) ?? textMember(serialized, "name") ?? "unknown";
}
