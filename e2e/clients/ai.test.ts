import { beforeAll, describe, expect, it } from "vitest";
import type { ReadSpan } from "../../packages/sdk/src/testing/read-spans.ts";
import { agentScript } from "./servers/agents.ts";
import { countedServers, tokensOf } from "./testing/counted.ts";
import { behaviour, observe, type Observation } from "./testing/observe.ts";

/** A tree of version 7 as earlier versions tell it: what belongs to a step stands below the whole. */
function withoutSteps(tree: readonly string[]): readonly string[] {
  const steps: number[] = [];
  return tree.flatMap((line) => {
    const depth = line.length - line.trimStart().length;
    while ((steps.at(-1) ?? -1) >= depth) steps.pop();
    if (!/^ *step \d/.test(line)) return [line.slice(2 * steps.length)];
    steps.push(depth);
    return [];
  });
}

const planner = (...tool: readonly string[]): readonly string[] => [
  "  invoke_agent planner",
  "    step 1",
  "      chat gpt",
  ...tool.map((line) => `      ${line}`),
  "    step 2",
  "      chat gpt",
];
const WEATHER = ["execute_tool weather", "  look up"];
const failed = (whole: string, error: string, ...calls: readonly string[]): readonly string[] => [
  `  ${whole} ! ${error}`,
  `    step 1 ! ${error}`,
  ...calls.map((line) => `      ${line}`),
];

/** Version 4 throws where later ones go on: what a tool threw, an abort, and the error of a stream as it is. */
const ONLY_IN_4: ReadonlyMap<string, readonly string[]> = new Map([
  [
    "tool-fails",
    [
      "tool-fails ! AI_ToolExecutionError",
      "  invoke_agent planner ! AI_ToolExecutionError",
      "    chat gpt",
      "    execute_tool weather ! AI_ToolExecutionError",
    ],
  ],
  ["stream-abort", ["stream-abort ! AbortError", "  streamText", "    chat endless ! AbortError"]],
  ["cut", ["cut ! TypeError", "  streamText", "    chat cut ! TypeError"]],
]);

describe.each(["7", "6", "5", "4"])("a program with the AI SDK %s", (major) => {
  let seen: Observation;
  const servers = countedServers(agentScript);

  beforeAll(async () => {
    seen = await observe({ file: "ai.ts", server: servers.start, environment: { MAJOR: major } });
  }, 240_000);

  const treeOf = (name: string): readonly string[] => seen.scenario(name).tree;
  const spanOf = (scenario: string, name: string): ReadSpan | undefined =>
    seen.scenario(scenario).spans.find((span) => span.name === name);

  it("behaves with the SDK as it does without", () => {
    expect(seen.without.code).toBe(0);
    expect(behaviour(seen.watched)).toEqual(behaviour(seen.without));
  });

  it("is told the tokens that the server told, once", () => {
    const asked = seen.spans.filter(({ name }) => name !== "chat tiny");
    expect(tokensOf(asked)).toEqual(servers.told[1]);
    expect(servers.told[1]?.output).toBeGreaterThan(100);
  });

  it.each([
    ["chat", ["  generateText", "    step 1", "      chat gpt"]],
    ["stream", ["  streamText", "    step 1", "      chat gpt"]],
    ["tools", planner(...WEATHER)],
    ["stream-tools", planner(...WEATHER)],
    ["parallel-tools", planner(...WEATHER, ...WEATHER)],
    ["tool-fails", planner("execute_tool weather ! Error")],
    ["multi-agent", planner("execute_tool expert", "  invoke_agent expert", "    step 1", "      chat gpt")],
    [
      "err429 ! AI_RetryError",
      failed(
        "generateText",
        "AI_RetryError",
        "chat limited ! rate_limit_exceeded",
        "chat limited ! rate_limit_exceeded",
      ),
    ],
    ["err500 ! AI_APICallError", failed("generateText", "AI_APICallError", "chat broken ! server_error")],
    ["stream-broken", failed("streamText", "AI_APICallError", "chat broken ! server_error")],
    ["timeout ! TimeoutError", failed("generateText", "TimeoutError", "chat never ! TimeoutError")],
    ["abort ! AbortError", failed("generateText", "AbortError", "chat never ! AbortError")],
    ["stream-abort", ["  streamText", "    step 1", "      chat endless ! AbortError"]],
    ["abandoned", ["  streamText", "    step 1", "      chat endless"]],
    ["embeddings", ["  embeddings text-embedding-3-small", "  embeddings text-embedding-3-small"]],
    ["rag", planner("execute_tool search", "  retrieval docs", "    embeddings text-embedding-3-small")],
    // Only version 7 says of an object, and of a stream that is cut, what it says of the rest.
    ["structured", major === "7" ? ["  chat json"] : ["  generateObject", "    chat json"]],
    [
      "badjson ! AI_NoObjectGeneratedError",
      major === "7" ? ["  chat bad-json"] : ["  generateObject ! AI_NoObjectGeneratedError", "    chat bad-json"],
    ],
    [
      "cut ! AI_APICallError",
      major === "7"
        ? failed("streamText", "AI_APICallError", "chat cut ! TypeError")
        : ["  streamText", "    chat cut ! TypeError"],
    ],
    ["unicode", ["generateText", "streamText"].flatMap((name) => [`  ${name}`, "    step 1", "      chat unicode"])],
    [
      "concurrent",
      ["Ada", "Bob", "Eve"].flatMap((user) => [
        `  ${user}`,
        ...planner(...WEATHER).map((line) => `  ${line.replace("planner", `agent of ${user}`)}`),
      ]),
    ],
    ["big", ["  generateText", "    step 1", "      chat gpt"]],
  ])("%s is one tree", (root, below) => {
    const scenario = root.split(" ")[0] ?? "";
    const whole = (major === "4" ? ONLY_IN_4.get(scenario) : undefined) ?? [root, ...below];
    expect(treeOf(scenario)).toEqual(major === "7" ? whole : withoutSteps(whole));
  });

  it("judges an object whose text is none, tells outcomes, and carries any text", () => {
    const valid = ["structured", "badjson"].map(
      (name) => seen.scenario(name).spans.find(({ name: is }) => is.startsWith("chat"))?.attributes,
    );
    expect(valid.map((attributes) => attributes?.["telltale.output.valid"])).toEqual([true, false]);
    for (const [name, call, outcome] of [
      ["timeout", "chat never", "timeout"],
      ["abort", "chat never", "aborted"],
      ["cut", "chat cut", "cut"],
    ] as const)
      expect(spanOf(name, call)?.attributes["telltale.outcome"]).toBe(outcome);
    expect(String(spanOf("unicode", "chat unicode")?.attributes["gen_ai.output.messages"])).toContain(
      "Grüße aus 東京 🗼 — naïve, 👨‍👩‍👧",
    );
    expect(String(spanOf("big", "chat gpt")?.attributes["gen_ai.input.messages"])).toContain(
      "Lorem ipsum — dolor. ".repeat(5000),
    );
  });

  it("tells a model that no request leaves for by what the AI SDK says", () => {
    const calls = seen.scenario("local").spans.filter(({ name }) => name === "chat tiny");
    expect(calls).toHaveLength(2);
    for (const { attributes } of calls) {
      expect(attributes).toMatchObject({
        "telltale.hook": "vercel-ai",
        "gen_ai.provider.name": "local",
        "gen_ai.request.model": "tiny",
        "gen_ai.usage.input_tokens": 11,
        "gen_ai.usage.output_tokens": 5,
        "gen_ai.response.finish_reasons": ["stop"],
      });
      expect(attributes["gen_ai.input.messages"]).toContain("Hello");
      expect(attributes["gen_ai.output.messages"]).toContain("Said here.");
    }
  });

  it("does not mix users that are served at once", () => {
    const users = seen.scenario("concurrent");
    const calls = users.spans.filter(({ name }) => name === "chat gpt");
    expect(calls).toHaveLength(6);
    for (const { attributes } of calls) {
      const user = String(attributes["user.id"]);
      expect(attributes["gen_ai.agent.name"]).toBe(`agent of ${user}`);
      expect(attributes["gen_ai.input.messages"]).toContain(user);
    }
  });

  it("says what went into a tool and an agent, and what came out", () => {
    const tool = spanOf("tools", "execute_tool weather");
    expect(tool?.attributes).toMatchObject({
      "telltale.span.kind": "tool",
      "gen_ai.tool.call.arguments": '{"city":"Oslo"}',
      "gen_ai.tool.call.id": expect.any(String) as unknown,
    });
    expect(String(tool?.attributes["gen_ai.tool.call.result"])).toContain("sunny in Oslo");
    for (const scenario of ["tools", "stream-tools"]) {
      const agent = spanOf(scenario, "invoke_agent planner");
      expect(agent?.attributes).toMatchObject({ "telltale.span.kind": "agent", "gen_ai.agent.name": "planner" });
      // Version 4 hands the text of a tool on as JSON.
      expect(String(agent?.attributes["gen_ai.output.messages"])).toMatch(/Done: (?:\\")?sunny in Oslo/);
    }
  });
});
