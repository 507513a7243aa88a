import type { AttributeValue } from "@telltale/model";
import { describe, expect, it } from "vitest";
import { spanRecord } from "../testing/span-record.ts";
import { timeToFirstToken } from "./first-token.ts";
import { lookUp } from "./look-ups.ts";
import { providerName } from "./names.ts";
import { spanKind } from "./span-kind.ts";

const attributesOf = (attributes: Readonly<Record<string, AttributeValue>>) => new Map(Object.entries(attributes));

describe("lookUp", () => {
  it.each([
    [{ "traceloop.association.properties.sessionId": "b", "session.id": "a" }, { sessionId: "a" }],
    [{ "session.id": "", "gen_ai.conversation.id": "c" }, { sessionId: "c" }],
    [{ "mcp.session.id": "transport", "langsmith.trace.session_id": "project" }, {}],
    [{ "ai.telemetry.metadata.userId": 42 }, { userId: "42" }],
    [{ "tag.tags": '["demo","eu"]' }, { tags: ["demo", "eu"] }],
    [{ "langsmith.span.tags": "demo, eu, demo" }, { tags: ["demo", "eu"] }],
    [
      { "langfuse.observation.prompt.name": "p", "langfuse.observation.prompt.version": 3 },
      { promptName: "p", promptVersion: "3" },
    ],
    [{ "ai.telemetry.metadata.langfusePrompt": '{"name":"p","version":3}' }, { promptName: "p", promptVersion: "3" }],
    [{ "gen_ai.usage.cost": 0.00123 }, { reported: { nanos: 1_230_000n, source: "gen_ai.usage.cost" } }],
    [{ "gen_ai.usage.cost": 0 }, {}],
    [
      { "llm.cost.prompt": 0.1, "llm.cost.completion": 0.2 },
      { reported: { nanos: 300_000_000n, source: "llm.cost.prompt" } },
    ],
    [
      { "langfuse.observation.cost_details": '{"input":0.001,"output":0.002}' },
      { reported: { nanos: 3_000_000n, source: "langfuse.observation.cost_details" } },
    ],
  ])("finds in %o", (attributes, expected) => {
    expect(lookUp(attributesOf(attributes as Record<string, AttributeValue>))).toEqual(expected);
  });
});

describe("spanKind", () => {
  it.each([
    [{ "langfuse.observation.type": "span", "openinference.span.kind": "agent" }, "agent"],
    [{ "langfuse.observation.type": "retriever", "openinference.span.kind": "LLM" }, "retrieval"],
    [{ "traceloop.span.kind": "task", "gen_ai.operation.name": "execute_tool" }, "tool"],
    [{ "traceloop.span.kind": "task" }, "workflow"],
    [{ "traceloop.span.kind": "agent", "gen_ai.operation.name": "chat" }, "agent"],
    [{ "gen_ai.operation.name": "embeddings", "langsmith.span.kind": "retriever" }, "retrieval"],
    [{ "gen_ai.operation.name": "chat", "langsmith.span.kind": "prompt" }, "prompt"],
    [{ "langsmith.span.kind": "chain", "langsmith.metadata.ls_agent_type": "root" }, "agent"],
    [{ "langsmith.span.kind": "chain" }, "workflow"],
    [{ "telltale.span.kind": "guardrail", "openinference.span.kind": "TOOL" }, "guardrail"],
    [{ "telltale.span.kind": "span", "gen_ai.operation.name": "chat" }, "llm"],
    [{ "gen_ai.operation.name": "invoke_workflow" }, "workflow"],
    [{ "gen_ai.operation.name": "search_memory" }, "memory"],
    [{ "gen_ai.operation.name": "run_guardrail" }, "guardrail"],
    [{ "mcp.method.name": "tools/list" }, "mcp"],
    [{ "mcp.method.name": "tools/call", "gen_ai.operation.name": "execute_tool" }, "tool"],
    [{ "genkit:metadata:subtype": "embedder" }, "embedding"],
    [{ "mlflow.spanType": '"CHAT_MODEL"' }, "llm"],
    [{ "lmnr.span.type": "LLM" }, "llm"],
    [{ "mastra.span.type": "workflow_loop" }, "workflow"],
    [{ "span.type": "llm_request" }, "llm"],
    [{ "ai.operationId": "ai.streamObject.doStream" }, "llm"],
    [{ "operation.name": "ai.toolCall weather-agent" }, "tool"],
    [{ "ai.operationId": "ai.generateText", "ai.settings.maxSteps": 5 }, "agent"],
    [{ "ai.operationId": "ai.generateText", "ai.settings.maxSteps": "5" }, "agent"],
    [{ "llm.request.type": "rerank" }, "rerank"],
    [{ "tool.name": "look" }, "tool"],
    [{ "db.system": "Chroma", "db.vector.query.top_k": 3 }, "retrieval"],
    [{ "db.system": "postgresql" }, undefined],
    [{ "llm.model_name": "m" }, "llm"],
    [{ model: "Volvo" }, undefined],
    [{ "openinference.span.kind": 7, "mlflow.spanType": '"', "ai.operationId": [] }, undefined],
  ])("tells of %o", (attributes, kind) => {
    expect(spanKind(attributesOf(attributes as Record<string, AttributeValue>))).toBe(kind);
  });
});

describe("timeToFirstToken", () => {
  it.each([
    [{ "gen_ai.response.time_to_first_chunk": 0.035 }, 35_000_000n],
    [{ "ai.response.msToFirstChunk": 55.5 }, 55_500_000n],
    [{ ttft_ms: 12 }, 12_000_000n],
    [{ "gen_ai.server.time_to_first_token": 0.2 }, 200_000_000n],
    [{ "gen_ai.server.time_to_first_token": 200 }, 200_000_000n],
    [{ "mastra.completion_start_time": "2026-11-24T00:04:08.065Z" }, 65_000_000n],
    [{ "langfuse.observation.completion_start_time": '"2026-11-24T00:04:08.065Z"' }, 65_000_000n],
    [{ "ai.response.msToFirstChunk": -1 }, undefined],
    [{ "ai.response.msToFirstChunk": NaN }, undefined],
    [{}, undefined],
  ])("reads %o", (attributes, expected) => {
    expect(timeToFirstToken(spanRecord(attributes as Record<string, AttributeValue>))).toBe(expected);
  });
});

describe("providerName", () => {
  it.each([
    ["openai.chat", "openai"],
    ["OpenAI", "openai"],
    ["anthropic.messages", "anthropic"],
    ["google.generative-ai", "gcp.gemini"],
    ["google.vertex.chat", "gcp.vertex_ai"],
    ["amazon-bedrock", "aws.bedrock"],
    ["azure.ai.openai", "azure.ai.openai"],
    ["azure-openai.chat", "azure.ai.openai"],
    ["mistralai", "mistral_ai"],
    ["langchain", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("spells %s as %s", (told, expected) => {
    expect(providerName(told)).toBe(expected);
  });
});
