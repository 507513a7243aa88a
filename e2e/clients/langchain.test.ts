import { beforeAll, describe, expect, it } from "vitest";
import type { ReadSpan } from "../../packages/sdk/src/testing/read-spans.ts";
import { agentScript } from "./servers/agents.ts";
import { behaviour, observe, type Observation } from "./testing/observe.ts";
import { startScriptedServer } from "./testing/scripted-server.ts";

describe("a program with LangChain", () => {
  let seen: Observation;

  beforeAll(async () => {
    seen = await observe({ file: "langchain.ts", server: () => startScriptedServer(agentScript) });
  }, 120_000);

  const spanOf = (scenario: string, name: string): ReadSpan | undefined =>
    seen.scenario(scenario).spans.find((span) => span.name === name);
  const jsonOf = (span: ReadSpan | undefined, attribute: string): unknown =>
    JSON.parse(String(span?.attributes[attribute])) as unknown;

  it("behaves with the SDK as it does without", () => {
    expect(seen.without.code).toBe(0);
    expect(behaviour(seen.watched)).toEqual(behaviour(seen.without));
  });

  it.each([
    ["chat", ["  chat gpt-4o"]],
    ["stream", ["  RunnableSequence", "    chat gpt-4o"]],
    [
      "tools",
      [
        "  invoke_agent planner",
        "    model_request",
        "      chat gpt-4o",
        "    tools",
        "      execute_tool weather",
        "    model_request",
        "      chat gpt-4o",
      ],
    ],
    [
      "parallel-tools",
      [
        "  invoke_agent agent",
        "    model_request",
        "      chat gpt-4o",
        "    tools",
        "      execute_tool weather",
        "    tools",
        "      execute_tool weather",
        "    model_request",
        "      chat gpt-4o",
        "    tools",
        "      execute_tool weather",
        "    model_request",
        "      chat gpt-4o",
      ],
    ],
    ["structured", ["  RunnableSequence", "    chat json"]],
    ["badjson ! SyntaxError", ["  RunnableSequence ! SyntaxError", "    chat bad-json"]],
    [
      "rag",
      [
        "  embeddings text-embedding-3-small",
        "  RunnableSequence",
        "    retrieval VectorStoreRetriever",
        "      embeddings text-embedding-3-small",
        "    chat gpt-4o-mini",
      ],
    ],
    ["embeddings", ["  embeddings text-embedding-3-small"]],
    [
      "multi-agent",
      [
        "  invoke_agent boss",
        "    model_request",
        "      chat gpt-4o",
        "    tools",
        "      execute_tool ask_expert",
        "        invoke_agent expert",
        "          model_request",
        "            chat gpt-4o-mini",
        "    model_request",
        "      chat gpt-4o",
      ],
    ],
    ["timeout ! TimeoutError", ["  chat never ! AbortError"]],
    ["unicode", ["  chat unicode"]],
    ["big", ["  chat gpt-4o"]],
    ["named", ["  RunnableSequence", "    shout"]],
    ["unseen", ["  chat"]],
    ["batch", ["  RunnableSequence", "    chat gpt-4o", "  RunnableSequence", "    chat gpt-4o"]],
    ["together", ["  chat gpt-4o", "  chat gpt-4o"]],
    ["err429 ! RateLimitCapacityError", ["  chat limited ! rate_limit_exceeded"]],
    ["err500 ! InternalServerError", ["  RunnableSequence ! InternalServerError", "    chat broken ! server_error"]],
    ["retries ! InternalServerError", ["  chat broken ! server_error", "  chat broken ! server_error"]],
    ["abort ! AbortError", ["  RunnableSequence ! AbortError", "    chat never ! AbortError"]],
    ["abandoned", ["  RunnableSequence", "    chat endless"]],
    ["cut ! TypeError", ["  RunnableSequence ! TypeError", "    chat cut ! TypeError"]],
    ["concurrent", ["  for Ann", "    chat gpt-4o", "  for Bob", "    chat gpt-4o", "  for Cem", "    chat gpt-4o"]],
    ["program-spans", ["  RunnableSequence", "    mine", "      chat gpt-4o", "    chat gpt-4o"]],
  ])("%s is one tree", (root, below) => {
    expect(seen.scenario(root.split(" ")[0] ?? "").tree).toEqual([root, ...below]);
  });

  it("tells each answered call once, with its tokens", () => {
    const answered = seen.watched.requests.filter(({ path }) => path.endsWith("/chat/completions")).length;
    const calls = seen.spans.filter(({ attributes }) => attributes["telltale.span.kind"] === "llm");
    const unseen = calls.filter(({ attributes }) => attributes["telltale.wire"] === undefined);
    expect(calls.length - unseen.length).toBe(answered);
    expect(unseen.map(({ attributes }) => attributes["gen_ai.output.messages"])).toEqual([
      JSON.stringify([{ role: "assistant", parts: [{ type: "text", content: "From within." }] }]),
    ]);
    const others = seen.spans.filter(({ attributes }) => attributes["telltale.wire"] === undefined);
    expect(others.filter(({ attributes }) => attributes["gen_ai.usage.input_tokens"] !== undefined)).toEqual([]);
  });

  it("tells of agents, tools and what they said", () => {
    const agent = spanOf("tools", "invoke_agent planner");
    expect(agent?.attributes).toMatchObject({ "telltale.span.kind": "agent", "gen_ai.agent.name": "planner" });
    expect(jsonOf(agent, "gen_ai.input.messages")).toMatchObject([{ role: "user" }]);
    expect(jsonOf(agent, "gen_ai.output.messages")).toMatchObject([
      { role: "assistant", parts: [{ type: "text", content: "Done: sunny in Oslo" }] },
    ]);
    expect(spanOf("tools", "execute_tool weather")?.attributes).toMatchObject({
      "gen_ai.agent.name": "planner",
      "gen_ai.tool.name": "weather",
      "gen_ai.tool.call.id": "call_1_0",
      "gen_ai.tool.call.arguments": '{"city":"Oslo"}',
      "gen_ai.tool.call.result": "sunny in Oslo",
    });
    expect(spanOf("tools", "chat gpt-4o")?.attributes["gen_ai.agent.name"]).toBe("planner");
    expect(spanOf("tool-error", "execute_tool weather")).toMatchObject({ statusCode: 2 });
  });

  it("tells what a retriever found", () => {
    const { attributes } = spanOf("rag", "retrieval VectorStoreRetriever") ?? {};
    expect(attributes?.["gen_ai.retrieval.query.text"]).toBe("How long?");
    expect(JSON.parse(String(attributes?.["gen_ai.retrieval.documents"]))).toEqual([
      { content: "Refunds take 30 days.", metadata: { source: "help" } },
      { content: "We ship to Norway.", metadata: { source: "help" } },
    ]);
  });

  it("keeps users apart who ask at once", () => {
    for (const user of ["Ann", "Bob", "Cem"]) {
      const run = spanOf("concurrent", `for ${user}`);
      const call = seen.scenario("concurrent").spans.find(({ parentSpanId }) => parentSpanId === run?.spanId);
      expect(run?.attributes["user.id"]).toBe(user);
      expect(call?.attributes["user.id"]).toBe(user);
      expect(call?.attributes["gen_ai.input.messages"]).toContain(`I am ${user}`);
    }
  });

  it("says what was left half way", () => {
    const chain = spanOf("abandoned", "RunnableSequence");
    const call = spanOf("abandoned", "chat endless");
    expect(chain?.attributes["telltale.outcome"]).toBe("abandoned");
    expect(call?.attributes["telltale.outcome"]).toMatch(/abandoned|aborted/);
    expect(spanOf("named", "shout")?.attributes).toMatchObject({
      "telltale.input": "quiet",
      "telltale.output": "QUIET",
    });
  });
});
