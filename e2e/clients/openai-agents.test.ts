import { Agent, OpenAIChatCompletionsModel, run, setTraceProcessors, setTracingDisabled } from "@openai/agents";
import { OpenAI } from "openai";
import { beforeAll, describe, expect, it } from "vitest";
import { Telltale } from "../../packages/sdk/src/index.ts";
import type { ReadSpan } from "../../packages/sdk/src/testing/read-spans.ts";
import { startSpanSink } from "../../packages/sdk/src/testing/span-sink.ts";
import { agentScript } from "./servers/agents.ts";
import { countedServers, tokensOf } from "./testing/counted.ts";
import { behaviour, observe, type Observation } from "./testing/observe.ts";
import { eitherWay } from "./testing/span-tree.ts";

const WORKFLOW = "  invoke_workflow Agent workflow";
const planner = (...below: readonly string[]): readonly string[] => [
  WORKFLOW,
  "    invoke_agent planner",
  ...below.map((line) => `      ${line}`),
];
const turn = (number: number, ...below: readonly string[]): readonly string[] => [
  `turn ${number}`,
  ...below.map((line) => `  ${line}`),
];
/** The whole run fails, from the turn up. */
const failed = (...calls: readonly string[]): readonly string[] => [
  `${WORKFLOW} ! _OTHER`,
  "    invoke_agent planner ! _OTHER",
  "      turn 1 ! _OTHER",
  ...calls.map((line) => `        ${line}`),
];
const WEATHER = ["execute_tool weather", "  look up"];

describe("a program with OpenAI's Agents SDK", () => {
  let seen: Observation;
  const servers = countedServers(agentScript);

  beforeAll(async () => {
    seen = await observe({ file: "openai-agents.ts", server: servers.start });
  }, 240_000);

  it("behaves with the SDK as it does without", () => {
    expect(seen.without.code).toBe(0);
    expect(behaviour(seen.watched)).toEqual(behaviour(seen.without));
  });

  it("is told the tokens that the server told, once", () => {
    expect(tokensOf(seen.spans)).toEqual(servers.told[1]);
    expect(servers.told[1]?.output).toBeGreaterThan(100);
  });

  it.each([
    ["chat", planner(...turn(1, "chat gpt"))],
    ["stream", planner(...turn(1, "chat gpt"))],
    ["tools", planner(...turn(1, "chat gpt", ...WEATHER), ...turn(2, "chat gpt"))],
    ["parallel-tools", planner(...turn(1, "chat gpt", ...WEATHER, ...WEATHER), ...turn(2, "chat gpt"))],
    ["tool-fails", planner(...turn(1, "chat gpt", "execute_tool weather ! _OTHER"), ...turn(2, "chat gpt"))],
    ["structured", planner(...turn(1, "chat json"))],
    ["badjson ! ModelBehaviorError", failed("chat bad-json")],
    [
      "multi-agent",
      [
        ...planner(...turn(1, "chat gpt", "handoff expert")),
        "    invoke_agent expert",
        ...turn(2, "chat gpt").map((line) => `      ${line}`),
      ],
    ],
    [
      "agent-as-tool",
      planner(
        ...turn(1, "chat gpt", "execute_tool ask_expert", "  invoke_agent expert", "    turn 1", "      chat gpt"),
        ...turn(2, "chat gpt"),
      ),
    ],
    ["guardrail ! InputGuardrailTripwireTriggered", [...failed(), "      guardrail off topic"]],
    ["err429 ! RateLimitError", failed("chat limited ! rate_limit_exceeded")],
    ["err500 ! InternalServerError", failed("chat broken ! server_error")],
    ["stream-broken ! InternalServerError", failed("chat broken ! server_error")],
    ["timeout ! APIUserAbortError", failed("chat never ! TimeoutError")],
    ["abort ! APIUserAbortError", failed("chat never ! AbortError")],
    ["cut ! TypeError", failed("chat cut ! TypeError")],
    [
      "rag",
      planner(
        ...turn(1, "chat gpt", "execute_tool search", "  retrieval docs", "    embeddings embedder"),
        ...turn(2, "chat gpt"),
      ),
    ],
    ["unicode", planner(...turn(1, "chat unicode"))],
    [
      "concurrent",
      ["Ada", "Bob", "Eve"].flatMap((user) => [
        `  ${user}`,
        ...planner(...turn(1, "chat gpt", ...WEATHER), ...turn(2, "chat gpt")).map(
          (line) => `  ${line.replace("planner", `agent of ${user}`)}`,
        ),
      ]),
    ],
    ["big", planner(...turn(1, "chat gpt"))],
    // A run whose stream is left aborts its call: the reader of the answer hears of it, or leaves before it does.
    ["abandoned", planner(...turn(1, "chat endless *"))],
    [
      "together",
      [
        "  invoke_workflow two runs",
        ...planner(...turn(1, "chat gpt")).slice(1),
        ...planner(...turn(1, "chat gpt")).slice(1),
      ],
    ],
  ])("%s is one tree", (root, below) => {
    expect(seen.scenario(root.split(" ")[0] ?? "").tree).toEqual(eitherWay([root, ...below]));
  });

  it("does not mix users that are served at once", () => {
    const calls = seen.scenario("concurrent").spans.filter(({ name }) => name === "chat gpt");
    expect(calls).toHaveLength(6);
    for (const { attributes } of calls) {
      const user = String(attributes["user.id"]);
      expect(attributes["gen_ai.agent.name"]).toBe(`agent of ${user}`);
      expect(attributes["gen_ai.input.messages"]).toContain(user);
    }
  });

  it("tells outcomes as the wire does, and carries any text", () => {
    const call = (scenario: string) => seen.scenario(scenario).spans.find(({ name }) => name.startsWith("chat"));
    const outcomes = ["timeout", "abort", "cut"].map((name) => call(name)?.attributes["telltale.outcome"]);
    expect(outcomes).toEqual(["timeout", "aborted", "cut"]);
    expect(call("abandoned")?.attributes["telltale.outcome"]).toMatch(/^(?:abandoned|aborted)$/);
    expect(call("unicode")?.attributes["gen_ai.output.messages"]).toContain("Grüße aus 東京 🗼 — naïve, 👨‍👩‍👧");
    expect(call("big")?.attributes["gen_ai.input.messages"]).toContain("Lorem ipsum — dolor. ".repeat(5000));
  });

  it("ends every span", () => {
    const left = seen.spans.filter(
      (span: ReadSpan) => span.attributes["telltale.outcome"] === "abandoned" && span.name !== "chat endless",
    );
    const rootOf = ({ traceId }: ReadSpan): string =>
      seen.spans.find((span) => span.traceId === traceId && span.parentSpanId === "")?.name ?? "";
    expect(left.map((span) => `${rootOf(span)}: ${span.name}`)).toEqual([]);
  });
});

describe("OpenAI's Agents SDK that was loaded and used before the SDK", () => {
  it("is told from then on, and no more after shutdown", async () => {
    const server = await countedServers(agentScript).start();
    const sink = await startSpanSink();
    const client = new OpenAI({ apiKey: "sk-test", baseURL: `${server.url}/v1`, maxRetries: 0 });
    const agent = new Agent({ name: "planner", model: new OpenAIChatCompletionsModel(client, "gpt") });
    // The runner of these tests sets NODE_ENV, which turns tracing off.
    setTracingDisabled(false);
    setTraceProcessors([]);
    await run(agent, "before");
    Telltale.initialize({ endpoint: sink.endpoint });
    await run(agent, "watched");
    await Telltale.shutdown();
    await run(agent, "after");
    const names = sink.spans.map(({ name }) => name);
    expect(names.toSorted()).toEqual(["chat gpt", "invoke_agent planner", "invoke_workflow Agent workflow", "turn 1"]);
    expect(new Set(sink.spans.map(({ traceId }) => traceId)).size).toBe(1);
    await sink.stop();
    await server.stop();
  });
});
