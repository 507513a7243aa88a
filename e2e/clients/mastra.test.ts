import { Agent } from "@mastra/core/agent";
import { Mastra } from "@mastra/core/mastra";
import { SpanType } from "@mastra/core/observability";
import { createStep, createWorkflow } from "@mastra/core/workflows";
import { Observability } from "@mastra/observability";
import { createOpenAI } from "ai-sdk-openai-2";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { Telltale } from "../../packages/sdk/src/index.ts";
import type { ReadSpan } from "../../packages/sdk/src/testing/read-spans.ts";
import { startSpanSink } from "../../packages/sdk/src/testing/span-sink.ts";
import { agentScript } from "./servers/agents.ts";
import { countedServers, tokensOf } from "./testing/counted.ts";
import { behaviour, observe, type Observation } from "./testing/observe.ts";
import { treeOf } from "./testing/span-tree.ts";

const indented = (lines: readonly string[]): readonly string[] => lines.map((line) => `  ${line}`);
const planner = (...below: readonly string[]): readonly string[] =>
  indented(["invoke_agent planner", ...indented(below)]);
const failed = (error: string, ...below: readonly string[]): readonly string[] =>
  indented([`invoke_agent planner ! ${error}`, ...indented(below)]);
const step = (number: number, ...below: readonly string[]): readonly string[] => [`step ${number}`, ...indented(below)];
const WEATHER = ["execute_tool weather", "  look up"];

describe("a program with Mastra", () => {
  let seen: Observation;
  const servers = countedServers(agentScript);

  beforeAll(async () => {
    seen = await observe({ file: "mastra.ts", server: servers.start });
  }, 240_000);

  it("behaves with the SDK as it does without", () => {
    expect(seen.without.code).toBe(0);
    expect(behaviour(seen.watched)).toEqual(behaviour(seen.without));
  });

  it("is told the tokens that the server told, once", () => {
    const unseen = tokensOf(seen.spans.filter(({ name }) => name === "chat tiny"));
    expect(unseen).toEqual({ input: 22, output: 6 });
    const told = servers.told[1] ?? unseen;
    expect(tokensOf(seen.spans)).toEqual({ input: told.input + 22, output: told.output + 6 });
    expect(told.output).toBeGreaterThan(100);
  });

  it.each([
    ["chat", planner(...step(1, "chat gpt"))],
    ["stream", planner(...step(1, "chat gpt"))],
    ["tools", planner(...step(1, "chat gpt", ...WEATHER), ...step(2, "chat gpt"))],
    ["parallel-tools", planner(...step(1, "chat gpt", ...WEATHER, ...WEATHER), ...step(2, "chat gpt"))],
    ["tool-fails", planner(...step(1, "chat gpt", "execute_tool weather ! _OTHER"), ...step(2, "chat gpt"))],
    ["stream-tools", planner(...step(1, "chat gpt", ...WEATHER), ...step(2, "chat gpt"))],
    ["structured", planner(...step(1, "chat json"))],
    ["badjson ! MastraError", failed("STRUCTURED_OUTPUT_SCHEMA_VALIDATION_FAILED", ...step(1, "chat bad-json"))],
    [
      "multi-agent",
      planner(
        ...step(1, "chat gpt", "execute_tool agent-expert", "  invoke_agent expert", "    step 1", "      chat gpt"),
        ...step(2, "chat gpt"),
      ),
    ],
    [
      "workflow",
      indented([
        "invoke_workflow welcome",
        "  workflow step greet",
        ...indented(planner(...step(1, "chat gpt"))),
        "  workflow step shout",
      ]),
    ],
    ["workflow-fails", ["  invoke_workflow welcome ! _OTHER", "    workflow step greet ! WORKFLOW_STEP_INVOKE_FAILED"]],
    ["err429 ! AI_APICallError", failed("AI_APICallError", ...step(1, "chat limited ! rate_limit_exceeded"))],
    ["err500 ! AI_APICallError", failed("AI_APICallError", ...step(1, "chat broken ! server_error"))],
    [
      "retried ! AI_APICallError",
      failed("AI_APICallError", ...step(1, "chat broken ! server_error", "chat broken ! server_error")),
    ],
    ["stream-broken", failed("AI_APICallError", ...step(1, "chat broken ! server_error"))],
    ["timeout", planner(...step(1, "chat never ! TimeoutError"))],
    ["abort", planner(...step(1, "chat never ! AbortError"))],
    ["cut", failed("AI_APICallError", ...step(1, "chat cut ! TypeError"))],
    [
      "rag",
      planner(
        ...step(1, "chat gpt", "execute_tool search", "  retrieval docs", "    embeddings text-embedding-3-small"),
        ...step(2, "chat gpt"),
      ),
    ],
    ["unicode", planner(...step(1, "chat unicode"))],
    [
      "concurrent",
      ["Ada", "Bob", "Eve"].flatMap((user) => [
        `  ${user}`,
        ...indented(planner(...step(1, "chat gpt", ...WEATHER), ...step(2, "chat gpt"))),
      ]),
    ],
    ["big", planner(...step(1, "chat gpt"))],
    ["abandoned", planner(...step(1, "chat endless ! AbortError"))],
    ["local", planner(...step(1, "chat tiny"))],
    ["local-stream", planner(...step(1, "chat tiny"))],
    [
      "guarded",
      [...planner("input processor off-topic", ...step(1, "chat gpt")), ...planner("input processor off-topic")],
    ],
  ])("%s is one tree", (root, below) => {
    expect(seen.scenario(root.split(" ")[0] ?? "").tree).toEqual([root, ...below]);
  });

  it("tells whom a run was for, what was said, and how it ended", () => {
    const [agent, ...below] = seen.scenario("chat").spans;
    expect(agent?.attributes).toMatchObject({
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": "planner",
      "telltale.hook": "mastra",
      "telltale.tags": ["demo"],
    });
    expect(agent?.attributes["gen_ai.input.messages"]).toContain("Hello there");
    expect(agent?.attributes["gen_ai.output.messages"]).toContain("You said: Hello there");
    for (const { attributes } of below) expect(attributes).toMatchObject({ "session.id": "s-1", "user.id": "ann" });
    const tool = seen.scenario("tools").spans.find(({ name }) => name === "execute_tool weather");
    expect(tool?.attributes).toMatchObject({
      "gen_ai.tool.call.id": "call_2_0",
      "gen_ai.tool.call.arguments": '{"city":"Oslo"}',
      "gen_ai.tool.call.result": '{"weather":"sunny in Oslo"}',
    });
    expect(seen.scenario("abort").spans[0]?.attributes["telltale.outcome"]).toBe("aborted");
    expect(seen.scenario("guarded").spans.at(-1)?.attributes["telltale.guardrail.triggered"]).toBe(true);
  });

  it("tells a call of a model in this process itself", () => {
    for (const name of ["local", "local-stream"]) {
      const call = seen.scenario(name).spans.at(-1);
      expect(call?.attributes).toMatchObject({
        "gen_ai.provider.name": "local",
        "gen_ai.request.model": "tiny",
        "gen_ai.response.finish_reasons": ["stop"],
      });
      expect(call?.attributes["gen_ai.input.messages"]).toContain("Hello there");
      expect(call?.attributes["gen_ai.output.messages"]).toContain("From here.");
    }
  });

  it("does not mix users that are served at once", () => {
    const calls = seen.scenario("concurrent").spans.filter(({ name }) => name === "chat gpt");
    expect(calls).toHaveLength(6);
    for (const { attributes } of calls) {
      expect(attributes["gen_ai.input.messages"]).toContain(String(attributes["user.id"]));
    }
  });

  it("tells outcomes as the wire does, and carries any text", () => {
    const call = (scenario: string) => seen.scenario(scenario).spans.find(({ name }) => name.startsWith("chat"));
    const outcomes = ["timeout", "abort", "cut"].map((name) => call(name)?.attributes["telltale.outcome"]);
    expect(outcomes).toEqual(["timeout", "aborted", "cut"]);
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

describe("a workflow of Mastra that waits", () => {
  it("goes on in the trace that it began in", async () => {
    const sink = await startSpanSink();
    Telltale.initialize({ endpoint: sink.endpoint });
    const ask = createStep({
      id: "ask",
      inputSchema: z.string(),
      outputSchema: z.string(),
      resumeSchema: z.string(),
      execute: async ({ resumeData, suspend }) => resumeData ?? (await suspend({})),
    });
    const input = z.string();
    const waits = createWorkflow({ id: "waits", inputSchema: input, outputSchema: input }).then(ask).commit();
    const configs = { default: { serviceName: "program", bridge: Telltale.mastra() } };
    const made = new Mastra({ workflows: { waits }, logger: false, observability: new Observability({ configs }) });
    const run = await made.getWorkflow("waits").createRun();
    expect((await run.start({ inputData: "?" })).status).toBe("suspended");
    expect((await run.resume({ step: "ask", resumeData: "yes" })).status).toBe("success");
    await Telltale.shutdown();
    const tree = ["invoke_workflow waits", "  workflow step ask"];
    expect(treeOf(sink.spans)).toEqual([...tree, ...indented(tree)]);
    await sink.stop();
  });
});

describe("a Mastra that was made before the SDK was initialized", () => {
  it("is told from then on, without what it filters out, and no more after shutdown", async () => {
    const server = await countedServers(agentScript).start();
    const sink = await startSpanSink();
    const openai = createOpenAI({ apiKey: "sk-test", baseURL: `${server.url}/v1` });
    const planning = new Agent({ id: "planner", name: "planner", instructions: "Plan.", model: openai.chat("gpt") });
    const observability = new Observability({
      configs: {
        default: {
          serviceName: "program",
          bridge: Telltale.mastra(),
          excludeSpanTypes: [SpanType.MODEL_STEP],
          spanFilter: ({ type }) => type !== SpanType.AGENT_RUN,
        },
      },
    });
    const made = new Mastra({ agents: { planning }, logger: false, observability });
    const agent = made.getAgent("planning");
    await agent.generate("before");
    Telltale.initialize({ endpoint: sink.endpoint });
    const own = await agent.generate("watched");
    const elsewhere = { traceId: "0af7651916cd43dd8448eb211c80319c", parentSpanId: "b7ad6b7169203331" };
    const joined = await agent.generate("watched", { tracingOptions: elsewhere });
    await made.shutdown();
    await Telltale.shutdown();
    await agent.generate("after");
    const treeIn = (traceId: string | undefined): readonly string[] =>
      treeOf(sink.spans.filter((span) => span.traceId === traceId));
    expect(treeIn(own.traceId)).toEqual(["invoke_agent planner", "  chat gpt"]);
    expect(joined.traceId).toBe(elsewhere.traceId);
    expect(treeIn(joined.traceId)).toEqual([`? ${elsewhere.parentSpanId}`, "invoke_agent planner", "  chat gpt"]);
    expect(sink.spans).toHaveLength(4);
    const agents = sink.spans.filter(({ name }) => name === "invoke_agent planner");
    expect(agents).toHaveLength(2);
    for (const { attributes } of agents) expect(JSON.stringify(attributes)).not.toContain("watched");
    await sink.stop();
    await server.stop();
  });
});
