import { beforeAll, describe, expect, it } from "vitest";
import { agentScript } from "./servers/agents.ts";
import { behaviour, observe, type Observation } from "./testing/observe.ts";
import { startScriptedServer } from "./testing/scripted-server.ts";

const QUERY = [
  "  query",
  "    retrieval retriever",
  "      embeddings text-embedding-3-small",
  "    synthesize",
  "      chat gpt-4o",
];

describe("a program with LlamaIndex.TS", () => {
  let seen: Observation;

  beforeAll(async () => {
    seen = await observe({ file: "llamaindex.ts", server: () => startScriptedServer(agentScript) });
  }, 120_000);

  it("behaves with the SDK as it does without", () => {
    expect(seen.without.code).toBe(0);
    expect(behaviour(seen.watched)).toEqual(behaviour(seen.without));
  });

  it.each([
    ["chat", ["  chat gpt-4o"]],
    ["stream", ["  chat gpt-4o"]],
    ["rag", ["  embeddings text-embedding-3-small", ...QUERY]],
    ["tools", ["  chat gpt-4o", "  execute_tool weather", "  chat gpt-4o"]],
    ["tool-error", ["  chat gpt-4o", "  execute_tool weather ! tool_error", "  chat gpt-4o"]],
    ["parallel-tools", ["  chat gpt-4o", "  execute_tool weather", "  execute_tool weather", "  chat gpt-4o"]],
    ["structured", ["  chat json"]],
    ["badjson", ["  chat bad-json"]],
    ["err429 ! RateLimitError", ["  chat limited ! rate_limit_exceeded"]],
    [
      "multi-agent",
      [
        "  invoke_agent team",
        "    chat gpt-4o",
        "    execute_tool handOff",
        "    chat gpt-4o",
        "    execute_tool weather",
        "    chat gpt-4o",
      ],
    ],
    ["err500 ! InternalServerError", ["  chat broken ! server_error"]],
    ["embeddings", ["  embeddings text-embedding-3-small"]],
    ["timeout ! APIConnectionTimeoutError", ["  chat never ! AbortError"]],
    ["abort ! APIConnectionError", ["  chat never ! Error"]],
    ["cut ! TypeError", ["  chat cut ! TypeError"]],
    ["unicode", ["  chat unicode"]],
    ["big", ["  chat gpt-4o"]],
    ["abandoned", ["  chat endless"]],
    ["concurrent", ["  embeddings text-embedding-3-small", ...QUERY, ...QUERY, ...QUERY]],
  ])("%s is one tree", (root, below) => {
    expect(seen.scenario(root.split(" ")[0] ?? "").tree).toEqual([root, ...below]);
  });

  it("tells each request once, and tokens only there", () => {
    const calls = seen.spans.filter(({ attributes }) => attributes["telltale.wire"] !== undefined);
    expect(calls).toHaveLength(seen.watched.requests.length);
    const others = seen.spans.filter((span) => !calls.includes(span));
    expect(others.filter(({ attributes }) => attributes["gen_ai.usage.input_tokens"] !== undefined)).toEqual([]);
    expect(others.filter(({ attributes }) => attributes["telltale.span.kind"] === "llm")).toEqual([]);
  });

  it("tells the question, what was found for it with scores, and the answer", () => {
    const { spans } = seen.scenario("rag");
    const attributesOf = (name: string) => spans.find((span) => span.name === name)?.attributes;
    expect(attributesOf("query")).toMatchObject({ "telltale.span.kind": "workflow" });
    expect(attributesOf("query")?.["gen_ai.input.messages"]).toContain("How long?");
    expect(attributesOf("query")?.["gen_ai.output.messages"]).toContain("Refunds take 30 days.");
    const retrieval = attributesOf("retrieval retriever");
    expect(retrieval?.["gen_ai.retrieval.query.text"]).toBe("How long?");
    const found = JSON.parse(String(retrieval?.["gen_ai.retrieval.documents"])) as { content: string; score: number }[];
    expect(found.map(({ content }) => content)).toEqual(["Refunds take 30 days.", "We ship to Norway."]);
    expect(found.every(({ score }) => score > 0.99)).toBe(true);
  });

  it("judges output that was asked to follow a schema", () => {
    const valid = ["structured", "badjson"].map((name) =>
      seen.scenario(name).spans.map(({ attributes }) => attributes["telltale.output.valid"]),
    );
    expect(valid).toEqual([[true], [false]]);
  });

  it("tells tools with what went in and out, also when they fail", () => {
    const [tool] = seen.scenario("tools").spans.filter(({ name }) => name === "execute_tool weather");
    expect(tool?.attributes).toMatchObject({
      "gen_ai.tool.name": "weather",
      "gen_ai.tool.call.arguments": '{"city":"Oslo"}',
      "gen_ai.tool.call.result": "sunny in Oslo",
    });
    const [failed] = seen.scenario("tool-error").spans.filter(({ name }) => name === "execute_tool weather");
    expect(failed?.statusMessage).toContain("No such city.");
  });

  it("keeps questions apart that are asked at once", () => {
    const { spans } = seen.scenario("concurrent");
    const queries = spans.filter(({ name }) => name === "query");
    const names = queries.map((query) => {
      const asked = /I am \w+/.exec(String(query.attributes["gen_ai.input.messages"]))?.[0];
      const synthesis = spans.find(({ name, parentSpanId }) => name === "synthesize" && parentSpanId === query.spanId);
      const call = spans.find(({ parentSpanId }) => parentSpanId === synthesis?.spanId);
      expect(call?.attributes["gen_ai.input.messages"]).toContain(String(asked));
      return asked;
    });
    expect(names.toSorted((first, second) => String(first).localeCompare(String(second)))).toEqual([
      "I am Ann",
      "I am Bob",
      "I am Cem",
    ]);
  });
});
