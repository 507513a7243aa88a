import type { AttributeValue } from "@telltale/model";
import { expect, it } from "vitest";
import { spanKind } from "./span-kind.ts";

it.each<[string, Readonly<Record<string, AttributeValue>>, string]>([
  ["a model that embeds", { "gen_ai.request.model": "text-embedding-3-small" }, "embedding"],
  ["a provider's path to one", { "gen_ai.request.model": "openai/text-embedding-3-small" }, "embedding"],
  ["a model of Bedrock that embeds", { "gen_ai.request.model": "amazon.titan-embed-text-v2:0" }, "embedding"],
  [
    "the vectors' length",
    { "gen_ai.request.model": "voyage-3", "gen_ai.embeddings.dimension.count": 512 },
    "embedding",
  ],
  ["any other model", { "gen_ai.request.model": "gpt-4o-mini" }, "llm"],
  ["a name that only begins so", { "gen_ai.request.model": "embedder-of-worlds" }, "llm"],
  [
    "Laminar's LLM with a model that embeds",
    { "lmnr.span.type": "LLM", "gen_ai.request.model": "embed-v4" },
    "embedding",
  ],
  ["Laminar's LLM", { "lmnr.span.type": "LLM" }, "llm"],
])("without an operation's name %s tells the kind", (_, attributes, kind) => {
  expect(spanKind(new Map(Object.entries(attributes)))).toBe(kind);
});

it.each<[Readonly<Record<string, AttributeValue>>, string]>([
  [{ "gen_ai.operation.name": "chat" }, "llm"],
  [{ "openinference.span.kind": "LLM" }, "llm"],
  [{ "gen_ai.tool.name": "index" }, "tool"],
])("believes whoever says more than a model's name: %o", (attributes, kind) => {
  const told = { "gen_ai.request.model": "text-embedding-3-small", ...attributes };
  expect(spanKind(new Map(Object.entries(told)))).toBe(kind);
});
