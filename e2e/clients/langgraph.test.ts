import { beforeAll, describe, expect, it } from "vitest";
import { agentScript } from "./servers/agents.ts";
import { behaviour, observe, type Observation } from "./testing/observe.ts";
import { startScriptedServer } from "./testing/scripted-server.ts";
import { eitherWay } from "./testing/span-tree.ts";

describe("a program with LangGraph", () => {
  let seen: Observation;

  beforeAll(async () => {
    seen = await observe({ file: "langgraph.ts", server: () => startScriptedServer(agentScript) });
  }, 120_000);

  it("behaves with the SDK as it does without", () => {
    expect(seen.without.code).toBe(0);
    expect(behaviour(seen.watched)).toEqual(behaviour(seen.without));
  });
  const STEPS = ["    draft", "      chat gpt-4o", "    review", "      chat gpt-4o"];
  const AGENT_STEP = ["    model_request", "      chat gpt-4o", "    tools", "      execute_tool weather"];

  it.each([
    ["chat", ["  LangGraph", ...STEPS]],
    ["stream", ["  LangGraph", ...STEPS]],
    ["tokens", ["  LangGraph", ...STEPS]],
    [
      "tools",
      [
        "  invoke_agent forecaster",
        "    agent",
        "      chat gpt-4o",
        "    tools",
        "      execute_tool weather",
        "    agent",
        "      chat gpt-4o",
      ],
    ],
    [
      "multi-agent",
      [
        "  desk",
        "    invoke_agent triage",
        "      model_request",
        "        chat gpt-4o",
        "      tools",
        "        execute_tool transfer_to_billing",
        "    invoke_agent billing",
        "      model_request",
        "        chat gpt-4o-mini",
        "      tools",
        "        execute_tool balance",
        "      model_request",
        "        chat gpt-4o-mini",
      ],
    ],
    [
      "subgraph",
      [
        "  LangGraph",
        "    write",
        ...STEPS.map((line) => `  ${line}`),
        "    count",
        ...STEPS.map((line) => `  ${line}`),
      ],
    ],
    ["parallel", ["  LangGraph", "    look", "      chat gpt-4o", "    look", "      chat gpt-4o"]],
    [
      "parallel-tools",
      [
        "  invoke_agent forecaster",
        "    agent",
        "      chat gpt-4o",
        "    tools",
        "      execute_tool weather",
        "      execute_tool weather",
        "    agent",
        "      chat gpt-4o",
      ],
    ],
    ["structured", ["  LangGraph", "    ask", "      chat json"]],
    ["badjson ! SyntaxError", ["  LangGraph ! SyntaxError", "    ask ! SyntaxError", "      chat bad-json"]],
    [
      "rag",
      [
        "  LangGraph",
        "    ask",
        "      embeddings text-embedding-3-small",
        "      retrieval VectorStoreRetriever",
        "        embeddings text-embedding-3-small",
        "      chat gpt-4o",
      ],
    ],
    ["embeddings", ["  LangGraph", "    ask", "      embeddings text-embedding-3-small"]],
    [
      "err429 ! RateLimitCapacityError",
      [
        "  LangGraph ! RateLimitCapacityError",
        "    ask ! RateLimitCapacityError",
        "      chat limited ! rate_limit_exceeded",
      ],
    ],
    [
      "timeout ! TimeoutError",
      ["  LangGraph ! TimeoutError", "    ask ! TimeoutError", "      chat never ! AbortError"],
    ],
    ["cut ! TypeError", ["  LangGraph ! TypeError", "    ask ! TypeError", "      chat cut ! TypeError"]],
    ["unicode", ["  LangGraph", "    ask", "      chat unicode"]],
    ["big", ["  LangGraph", "    ask", "      chat gpt-4o"]],
    // A graph whose stream is left aborts what runs in it: the reader of the answer hears of it, or leaves before it does.
    ["abandoned", ["  LangGraph ! Error", "    talk ! AbortError", "      chat endless *"]],
    ["interrupt", ["  LangGraph", "    approve", "  LangGraph", "    approve"]],
    [
      "stuck ! GraphRecursionError",
      ["  invoke_agent circler ! GraphRecursionError", ...AGENT_STEP, ...AGENT_STEP, ...AGENT_STEP],
    ],
    [
      "err500 ! InternalServerError",
      ["  LangGraph ! InternalServerError", "    ask ! InternalServerError", "      chat broken ! server_error"],
    ],
    ["abort ! AbortError", ["  LangGraph ! Error", "    ask ! AbortError", "      chat never ! AbortError"]],
    ["concurrent", ["Ann", "Bob", "Cem"].flatMap((name) => [`  for ${name}`, ...STEPS])],
  ])("%s is one tree", (root, below) => {
    expect(seen.scenario(root.split(" ")[0] ?? "").tree).toEqual(eitherWay([root, ...below]));
  });

  it("tells each call once, with its tokens", () => {
    const calls = seen.spans.filter(({ attributes }) => attributes["telltale.wire"] !== undefined);
    expect(calls).toHaveLength(seen.watched.requests.length);
    const told = seen.spans.filter(({ attributes }) => attributes["gen_ai.usage.input_tokens"] !== undefined);
    expect(told.every((span) => calls.includes(span))).toBe(true);
    // Two errors, two calls that were stopped before their answer, and two half way through it.
    expect(calls.length - told.length).toBe(6);
  });

  it("tells which agent is at work, and to whom it hands over", () => {
    const { spans } = seen.scenario("multi-agent");
    const workers = spans.filter(({ name }) => name.startsWith("chat") || name.startsWith("execute_tool"));
    expect(workers.map(({ name, attributes }) => [name, attributes["gen_ai.agent.name"]])).toEqual([
      ["chat gpt-4o", "triage"],
      ["execute_tool transfer_to_billing", "triage"],
      ["chat gpt-4o-mini", "billing"],
      ["execute_tool balance", "billing"],
      ["chat gpt-4o-mini", "billing"],
    ]);
    const attributesOf = (name: string) => spans.find((span) => span.name === name)?.attributes;
    expect(attributesOf("execute_tool transfer_to_billing")).toMatchObject({
      "telltale.span.kind": "handoff",
      "telltale.handoff.to": "billing",
    });
    const desk = attributesOf("desk");
    expect(desk?.["telltale.span.kind"]).toBe("workflow");
    expect(JSON.parse(String(desk?.["gen_ai.output.messages"]))).toMatchObject([
      { role: "assistant", parts: [{ type: "text", content: "Done: 12 EUR" }] },
    ]);
    expect(attributesOf("invoke_agent billing")?.["telltale.span.kind"]).toBe("agent");
  });

  it("tells an interrupt as one, and which conversation goes on", () => {
    const { spans } = seen.scenario("interrupt");
    const told = spans.map(({ name, statusCode, attributes }) => [name, statusCode, attributes["telltale.outcome"]]);
    expect(told).toEqual([
      ["LangGraph", 0, undefined],
      ["approve", 0, "interrupted"],
      ["LangGraph", 0, undefined],
      ["approve", 0, undefined],
    ]);
    expect(new Set(spans.map(({ attributes }) => attributes["session.id"]))).toEqual(new Set(["thread-7"]));
    expect(spans[1]?.attributes["telltale.output"]).toContain("Really?");
  });

  it.each(["abort", "abandoned"])("says that the program stopped it: %s", (scenario) => {
    const { spans } = seen.scenario(scenario);
    expect(spans.map(({ name }) => name.split(" ")[0])).toEqual([
      "LangGraph",
      scenario === "abort" ? "ask" : "talk",
      "chat",
    ]);
    expect(spans[2]?.parentSpanId).toBe(spans[1]?.spanId);
    for (const { attributes } of spans) expect(attributes["telltale.outcome"]).toMatch(/^(aborted|abandoned)$/);
  });

  it("keeps users apart who ask at once, with the tags and facts they came with", () => {
    const { spans } = seen.scenario("concurrent");
    for (const name of ["Ann", "Bob", "Cem"]) {
      const mine = spans.filter(({ attributes }) => attributes["user.id"] === name);
      expect(mine.map((span) => span.name).toSorted()).toEqual(
        ["chat gpt-4o", "chat gpt-4o", "draft", `for ${name}`, "review"].toSorted(),
      );
      for (const { attributes } of mine) {
        expect(attributes).toMatchObject({ "telltale.tags": ["vip"], "telltale.metadata.plan": "pro" });
        const input = attributes["gen_ai.input.messages"];
        if (input !== undefined) expect(input).toContain(`I am ${name}`);
      }
    }
  });
});
