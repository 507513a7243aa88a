import type { Attributes, SpanKind } from "@telltale/model";
import { SPAN_KINDS } from "@telltale/model";
import { firstText, numberOf } from "./attribute-readers.ts";
import { isEmbeddingModel } from "./embedding-model.ts";
import { parseJson } from "./json-of.ts";

/** Our own SDK's word; its `span` is a step without a meaning of its own, its `task` a step of a workflow. */
const OWN: ReadonlyMap<string, SpanKind> = new Map([
  ...SPAN_KINDS.filter((kind) => kind !== "span").map((kind): [string, SpanKind] => [kind, kind]),
  ["task", "workflow"],
]);

const LANGFUSE: ReadonlyMap<string, SpanKind> = new Map([
  ["generation", "llm"],
  ["agent", "agent"],
  ["tool", "tool"],
  ["chain", "workflow"],
  ["retriever", "retrieval"],
  ["evaluator", "evaluation"],
  ["embedding", "embedding"],
  ["guardrail", "guardrail"],
  ["event", "span"],
]);

/** OpenInference, and MLflow, Genkit and LangSmith, whose words are among the same. Keys are upper case. */
const WORDS: ReadonlyMap<string, SpanKind> = new Map([
  ["LLM", "llm"],
  ["CHAT_MODEL", "llm"],
  ["MODEL", "llm"],
  ["BACKGROUND-MODEL", "llm"],
  ["EMBEDDING", "embedding"],
  ["EMBEDDER", "embedding"],
  ["CHAIN", "workflow"],
  ["WORKFLOW", "workflow"],
  ["TASK", "workflow"],
  ["PARSER", "workflow"],
  ["FLOW", "workflow"],
  ["RETRIEVER", "retrieval"],
  ["RERANKER", "rerank"],
  ["TOOL", "tool"],
  ["TOOL.V2", "tool"],
  ["AGENT", "agent"],
  ["GUARDRAIL", "guardrail"],
  ["EVALUATOR", "evaluation"],
  ["EVALUATION", "evaluation"],
  ["PROMPT", "prompt"],
  ["EXECUTABLE-PROMPT", "prompt"],
  ["MEMORY", "memory"],
]);

/** `gen_ai.operation.name`, with the values met in the wild. */
const OPERATIONS: ReadonlyMap<string, SpanKind> = new Map([
  ["chat", "llm"],
  ["generate_content", "llm"],
  ["text_completion", "llm"],
  ["completion", "llm"],
  ["generate", "llm"],
  ["response", "llm"],
  ["fetch_response", "llm"],
  ["image_generation", "llm"],
  ["ai.generateSpeech", "llm"],
  ["ai.transcribe", "llm"],
  ["ai.streamTranscribe", "llm"],
  ["embeddings", "embedding"],
  ["embedding", "embedding"],
  ["rerank", "rerank"],
  ["retrieval", "retrieval"],
  ["invoke_agent", "agent"],
  ["create_agent", "agent"],
  ["invoke_workflow", "workflow"],
  ["agent_step", "workflow"],
  ["execute_event_loop_cycle", "workflow"],
  ["execute_agent_loop_cycle", "workflow"],
  ["invoke_swarm", "workflow"],
  ["invoke_graph", "workflow"],
  ["execute_node", "workflow"],
  ["plan", "workflow"],
  ["execute_tool", "tool"],
  ["handoff", "handoff"],
  ["guard", "guardrail"],
  ["guardrail.run", "guardrail"],
  ["run_guardrail", "guardrail"],
  ["search_memory", "memory"],
  ["create_memory", "memory"],
  ["update_memory", "memory"],
  ["upsert_memory", "memory"],
  ["delete_memory", "memory"],
  ["create_memory_store", "memory"],
  ["delete_memory_store", "memory"],
]);

/** Mastra's steps around one model call are not calls themselves: only `model_inference` is. */
const MASTRA: ReadonlyMap<string, SpanKind> = new Map([
  ["agent_run", "agent"],
  ["model_generation", "workflow"],
  ["model_step", "workflow"],
  ["model_inference", "llm"],
  ["model_chunk", "span"],
  ["tool_call", "tool"],
  ["mcp_tool_call", "tool"],
  ["provider_tool_call", "tool"],
  ["client_tool_call", "tool"],
  ["memory_operation", "memory"],
  ["rag_embedding", "embedding"],
  ["rag_vector_operation", "retrieval"],
  ["rag_action", "retrieval"],
  ["scorer_run", "evaluation"],
  ["scorer_step", "evaluation"],
  ["generic", "span"],
]);

const CLAUDE_CODE: ReadonlyMap<string, SpanKind> = new Map([
  ["claude_code.interaction", "agent"],
  ["interaction", "agent"],
  ["claude_code.llm_request", "llm"],
  ["llm_request", "llm"],
  ["claude_code.tool", "tool"],
  ["tool", "tool"],
]);

const TRACELOOP: ReadonlyMap<string, SpanKind> = new Map([
  ["workflow", "workflow"],
  ["agent", "agent"],
  ["tool", "tool"],
  ["task", "workflow"],
]);

const LEGACY_REQUESTS: ReadonlyMap<string, SpanKind> = new Map([
  ["chat", "llm"],
  ["completion", "llm"],
  ["rerank", "rerank"],
  ["embedding", "embedding"],
]);

/** Claude Code's waits and runs of a tool are steps of the tool's own span, whose id they repeat. */
const STEPS_OF_TOOLS = new Set(
  ["tool.execution", "tool.blocked_on_user"].flatMap((type) => [type, `claude_code.${type}`]),
);

const TOOL_KEYS = ["gen_ai.tool.name", "tool.name", "tool_name", "gen_ai.tool.call.id", "ai.toolCall.name"];
const MODEL_KEYS = [
  "gen_ai.request.model",
  "gen_ai.response.model",
  "llm.model_name",
  "llm.request.model_name",
  "llm.response.model_name",
  "ai.model.id",
  "ls_model_name",
  "mlflow.llm.model",
  "aisdk.model.id",
];
/** Nobody writes these of anything but an embedding. */
const EMBEDDING_KEYS = ["gen_ai.embeddings.dimension.count", "gen_ai.embeddings.input", "embedding.model_name"];

function word(attributes: Attributes, key: string, words: ReadonlyMap<string, SpanKind>): SpanKind | undefined {
  const value = attributes.get(key);
  return typeof value === "string" ? words.get(value) : undefined;
}

/** MLflow writes every value as JSON, so its words come in quotes. */
function anyCase(attributes: Attributes, key: string): SpanKind | undefined {
  const value = attributes.get(key);
  if (typeof value !== "string" || value === "") return undefined;
  const bare = value.startsWith('"') ? parseJson(value) : value;
  return typeof bare === "string" ? WORDS.get(bare.toUpperCase()) : undefined;
}

/** LangSmith tells of retrievers as `embeddings` and of prompts as `chat`: there its own word is right. */
function operation(attributes: Attributes): SpanKind | undefined {
  const own = attributes.get("langsmith.span.kind");
  if (own === "retriever") return "retrieval";
  return own === "prompt" ? "prompt" : word(attributes, "gen_ai.operation.name", OPERATIONS);
}

/**
 * LangSmith has no word for an agent: it is a chain whose metadata says what kind of agent. What is below it has the same
 * metadata, down to the steps.
 */
function langsmith(attributes: Attributes): SpanKind | undefined {
  const kind = anyCase(attributes, "langsmith.span.kind");
  const isAgent = attributes.has("langsmith.metadata.ls_agent_type") && !attributes.has("langsmith.span.parent_id");
  return kind === "workflow" && isAgent ? "agent" : kind;
}

function mcp(attributes: Attributes): SpanKind | undefined {
  const method = attributes.get("mcp.method.name");
  if (typeof method !== "string" || method === "") return undefined;
  return method === "prompts/get" ? "prompt" : "mcp";
}

/** `ai.generateText.doGenerate` is a call; `ai.generateText` is the run around it. */
function vercel(attributes: Attributes): SpanKind | undefined {
  const told = attributes.get("ai.operationId") ?? attributes.get("operation.name");
  if (typeof told !== "string" || !told.startsWith("ai.")) return undefined;
  const id = told.split(" ", 1)[0] ?? "";
  if (id === "ai.toolCall") return "tool";
  if (id.startsWith("ai.embed")) return "embedding";
  if (id.startsWith("ai.rerank")) return "rerank";
  if (/\.do(?:Generate|Stream)$/.test(id) || id === "ai.languageModelCall") return "llm";
  if (!/^ai\.(?:generate|stream)(?:Text|Object)$/.test(id)) return undefined;
  const steps = numberOf(attributes.get("ai.settings.maxSteps")) ?? 0;
  const isAgent = steps > 1 || attributes.has("ai.response.toolCalls");
  return isAgent ? "agent" : "workflow";
}

function mastra(attributes: Attributes): SpanKind | undefined {
  const type = attributes.get("mastra.span.type");
  if (typeof type !== "string") return undefined;
  return MASTRA.get(type) ?? (type.startsWith("workflow_") ? "workflow" : undefined);
}

function isStepOfTool(attributes: Attributes): boolean {
  const type = attributes.get("span.type");
  return typeof type === "string" && STEPS_OF_TOOLS.has(type);
}

function vectorStore(attributes: Attributes): SpanKind | undefined {
  if (!attributes.has("db.system") && !attributes.has("db.system.name")) return undefined;
  for (const key of attributes.keys()) if (key.startsWith("db.vector.query.")) return "retrieval";
  return undefined;
}

/** Laminar calls everything that a model does LLM. */
function laminar(attributes: Attributes): SpanKind | undefined {
  const kind = anyCase(attributes, "lmnr.span.type");
  return kind === "llm" ? callOfModel(attributes) : kind;
}

/** What a span is of which no more is known than that a model was called. */
function callOfModel(attributes: Attributes): SpanKind {
  const model = firstText(attributes, MODEL_KEYS);
  const isEmbedding = EMBEDDING_KEYS.some((key) => attributes.has(key));
  return isEmbedding || (model !== undefined && isEmbeddingModel(model)) ? "embedding" : "llm";
}

/** The ladder of conventions rule 6 after the four commonest words; the first that tells wins. */
const LADDER: readonly ((attributes: Attributes) => SpanKind | undefined)[] = [
  mcp,
  (attributes) => anyCase(attributes, "genkit:metadata:subtype"),
  langsmith,
  (attributes) => anyCase(attributes, "mlflow.spanType"),
  laminar,
  mastra,
  (attributes) => word(attributes, "span.type", CLAUDE_CODE),
  vercel,
  (attributes) => word(attributes, "llm.request.type", LEGACY_REQUESTS),
  (attributes) => (attributes.get("traceloop.span.kind") === "task" ? "workflow" : undefined),
  (attributes) => (TOOL_KEYS.some((key) => attributes.has(key)) && !isStepOfTool(attributes) ? "tool" : undefined),
  vectorStore,
  (attributes) => (MODEL_KEYS.some((key) => attributes.has(key)) ? callOfModel(attributes) : undefined),
];

/**
 * The kind that a span's attributes tell: our own SDK's first, then by conventions rule 6; `undefined`
 * when none of them tells. `langfuse.observation.type=span` counts as not told, because
 * Langfuse's SDKs set it on everything; `task` of Traceloop gives way to an operation name.
 */
export function spanKind(attributes: Attributes): SpanKind | undefined {
  const first =
    word(attributes, "telltale.span.kind", OWN) ??
    word(attributes, "langfuse.observation.type", LANGFUSE) ??
    anyCase(attributes, "openinference.span.kind");
  if (first) return first;
  const traceloop = attributes.get("traceloop.span.kind");
  if (typeof traceloop === "string" && traceloop !== "task") {
    const kind = TRACELOOP.get(traceloop);
    if (kind) return kind;
  }
  const told = operation(attributes);
  if (told) return told;
  for (const step of LADDER) {
    const kind = step(attributes);
    if (kind) return kind;
  }
  return undefined;
}
