import { beforeAll, describe, expect, it } from "vitest";
import { cohereScript } from "./servers/cohere.ts";
import { commonTrees } from "./testing/common-scenarios.ts";
import { behaviour, observe, type Observation } from "./testing/observe.ts";
import { startScriptedServer } from "./testing/scripted-server.ts";

let seen: Observation;
const attributes = (name: string, index = 0): Readonly<Record<string, unknown>> =>
  seen.scenario(name).spans.filter(({ kind }) => kind === 3)[index]?.attributes ?? {};

beforeAll(async () => {
  seen = await observe({ file: "cohere.ts", server: () => startScriptedServer(cohereScript) });
}, 120_000);

describe("a program with cohere-ai", () => {
  it("behaves with the SDK as it does without", () => {
    expect(seen.without.code).toBe(0);
    expect(behaviour(seen.watched)).toEqual(behaviour(seen.without));
  });

  it.each<readonly [scenario: string, below: readonly string[]]>([
    ...commonTrees("chat command", ["chat tools", "execute_tool weather", "chat tools"], "embeddings embed-v4"),
    ["chat", ["chat command"]],
    ["stream", ["chat command"]],
    ["tools", ["chat tools", "execute_tool weather", "chat tools"]],
    ["badjson", ["chat bad-json"]],
    ["structured", ["chat json"]],
    ["embeddings", ["embeddings embed-v4"]],
    ["rerank", ["rerank rerank-v4"]],
    ["err429", ["chat limited"]],
    ["abort", ["chat never"]],
    ["cut", ["chat cut"]],
    ["parallel-tools", ["chat tools-2", "execute_tool weather", "execute_tool weather", "chat tools-2"]],
    ["err500", ["chat broken"]],
    ["timeout", ["chat never"]],
    ["abandoned", ["chat endless"]],
    ["unicode", ["chat unicode"]],
    ["concurrent", Array.from({ length: 8 }, (_, user) => [`turn of user-${user}`, "  chat command"]).flat()],
    ["big", ["chat command"]],
  ])("%s is one tree", (scenario, below) => {
    const tree = seen.scenario(scenario).tree.map((line) => line.replace(/ ! .*/, ""));
    expect(tree).toEqual([scenario, ...below.map((line) => `  ${line}`)]);
  });

  it("tells what was billed beside what was worked through", () => {
    for (const name of ["chat", "stream"]) {
      expect(attributes(name)).toMatchObject({
        "gen_ai.provider.name": "cohere",
        "gen_ai.usage.input_tokens": 5,
        "gen_ai.usage.output_tokens": 7,
        "telltale.usage.processed.input_tokens": 71,
        "gen_ai.response.finish_reasons": ["COMPLETE"],
        "gen_ai.output.messages": expect.stringContaining("You said: Hello") as string,
      });
    }
    expect(attributes("chat")).toMatchObject({
      "gen_ai.request.top_p": { double: 0.9 },
      "gen_ai.request.top_k": { double: 40 },
      "gen_ai.request.max_tokens": 9,
    });
    expect(attributes("stream")["gen_ai.response.time_to_first_chunk"]).toBeDefined();
  });

  it("has plans, calls, documents and scores", () => {
    expect(JSON.parse(String(attributes("tools")["gen_ai.output.messages"]))).toMatchObject([
      { parts: [{ type: "reasoning" }, { type: "tool_call", id: "weather_1", arguments: { city: "Oslo" } }] },
    ]);
    expect(attributes("rerank")).toMatchObject({
      "telltale.span.kind": "rerank",
      "gen_ai.retrieval.query.text": "capital?",
      "gen_ai.retrieval.top_k": 2,
      "telltale.usage.search_units": 1,
    });
    expect(JSON.parse(String(attributes("rerank")["gen_ai.retrieval.documents"]))).toEqual([
      { id: "1", score: 0.98, content: "Oslo" },
      { id: "0", score: 0.12, content: "A town" },
    ]);
    expect(attributes("embeddings")).toMatchObject({
      "gen_ai.usage.input_tokens": 4,
      "gen_ai.embeddings.dimension.count": 3,
    });
  });

  it("judges output and outcome", () => {
    expect(attributes("badjson")["telltale.output.valid"]).toBe(false);
    expect(attributes("structured")["telltale.output.invalid_reason"]).toBe("$.degrees is missing");
    expect(attributes("err429")).toMatchObject({ "http.response.status_code": 429, "error.type": "429" });
    expect(attributes("cut")["telltale.outcome"]).toBe("cut");
    expect(attributes("err500")["http.response.status_code"]).toBe(500);
    for (const [name, outcome] of [
      ["timeout", "timeout"],
      ["abort", "aborted"],
      ["abandoned", "abandoned"],
    ] as const)
      expect(attributes(name)["telltale.outcome"]).toBe(outcome);
  });

  it("has every call of several, and every letter", () => {
    expect(JSON.parse(String(attributes("parallel-tools")["gen_ai.output.messages"]))).toMatchObject([
      { parts: [{ type: "reasoning" }, { id: "weather_1" }, { id: "weather_2", arguments: { city: "東京" } }] },
    ]);
    expect(String(attributes("unicode")["gen_ai.output.messages"])).toContain("Grüße aus 東京 🗼 — naïve");
    expect(String(attributes("big")["gen_ai.input.messages"])).toContain("Lorem ipsum — dolor. ".repeat(2500));
  });

  it("does not mix users that are served at once", () => {
    const calls = seen.scenario("concurrent").spans.filter(({ kind }) => kind === 3);
    expect(calls).toHaveLength(8);
    for (const call of calls)
      expect(call.attributes["gen_ai.input.messages"]).toContain(`"${String(call.attributes["user.id"])}"`);
  });
});
