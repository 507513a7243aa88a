import { beforeAll, describe, expect, it } from "vitest";
import { mistralScript } from "./servers/mistral.ts";
import { commonTrees } from "./testing/common-scenarios.ts";
import { behaviour, observe, type Observation } from "./testing/observe.ts";
import { startScriptedServer } from "./testing/scripted-server.ts";

let seen: Observation;
const attributes = (name: string): Readonly<Record<string, unknown>> =>
  seen.scenario(name).spans.find(({ kind }) => kind === 3)?.attributes ?? {};
const parsed = (name: string, side: "input" | "output"): unknown =>
  JSON.parse(String(attributes(name)[`gen_ai.${side}.messages`])) as unknown;

beforeAll(async () => {
  seen = await observe({ file: "mistral.ts", server: () => startScriptedServer(mistralScript) });
}, 120_000);

describe("a program with @mistralai/mistralai", () => {
  it("behaves with the SDK as it does without", () => {
    expect(seen.without.code).toBe(0);
    expect(behaviour(seen.watched)).toEqual(behaviour(seen.without));
  });

  it.each<readonly [scenario: string, below: readonly string[]]>([
    ...commonTrees("chat large", ["chat tools", "execute_tool weather", "chat tools"], "embeddings embed"),
    ["chat", ["chat large"]],
    ["thinks", ["chat thinks"]],
    ["stream", ["chat large"]],
    ["tools", ["chat tools", "execute_tool weather", "chat tools"]],
    ["badjson", ["chat bad-json"]],
    ["fim", ["text_completion codestral"]],
    ["embeddings", ["embeddings embed"]],
    ["err429", ["chat limited"]],
    ["timeout", ["chat never"]],
    ["cut", ["chat cut"]],
    ["parallel-tools", ["chat tools-2", "execute_tool weather", "execute_tool weather", "chat tools-2"]],
    ["structured", ["chat json"]],
    ["badschema", ["chat bad-schema"]],
    ["err500", ["chat broken"]],
    ["abort", ["chat never"]],
    ["abandoned", ["chat endless"]],
    ["unicode", ["chat unicode"]],
    ["concurrent", Array.from({ length: 8 }, (_, user) => [`turn of user-${user}`, "  chat large"]).flat()],
    ["big", ["chat large"]],
  ])("%s is one tree", (scenario, below) => {
    const tree = seen.scenario(scenario).tree.map((line) => line.replace(/ ! .*/, ""));
    expect(tree).toEqual([scenario, ...below.map((line) => `  ${line}`)]);
  });

  it("tells usage and who answered", () => {
    for (const name of ["chat", "stream", "fim"]) {
      expect(attributes(name)).toMatchObject({
        "gen_ai.provider.name": "mistral_ai",
        "gen_ai.usage.input_tokens": 77,
        "gen_ai.usage.output_tokens": 12,
        "gen_ai.usage.cache_read.input_tokens": 64,
      });
    }
    expect(attributes("chat")).toMatchObject({ "gen_ai.request.seed": 3, "gen_ai.request.temperature": { double: 0 } });
    expect(attributes("embeddings")).toMatchObject({
      "gen_ai.usage.input_tokens": 9,
      "gen_ai.embeddings.dimension.count": 3,
    });
  });

  it("has what was said, thought and called", () => {
    expect(parsed("stream", "output")).toMatchObject([{ parts: [{ content: "You said: Hello" }] }]);
    expect(parsed("thinks", "output")).toMatchObject([
      { parts: [{ type: "reasoning", content: "Let me see." }, { type: "text" }] },
    ]);
    expect(parsed("tools", "output")).toMatchObject([
      { parts: [{ type: "tool_call", name: "weather", arguments: { city: "Oslo" } }] },
    ]);
    expect(parsed("fim", "input")).toMatchObject([
      { parts: [{ content: "def f(" }, { type: "suffix", content: "return 1" }] },
    ]);
  });

  it("judges output and outcome", () => {
    expect(attributes("badjson")["telltale.output.valid"]).toBe(false);
    expect(attributes("err429")["http.response.status_code"]).toBe(429);
    for (const [name, outcome] of [
      ["timeout", "timeout"],
      ["abort", "aborted"],
      ["abandoned", "abandoned"],
    ] as const)
      expect(attributes(name)["telltale.outcome"]).toBe(outcome);
    expect(attributes("cut")["telltale.outcome"]).toBe("cut");
    expect(attributes("structured")["telltale.output.valid"]).toBe(true);
    expect(attributes("badschema")["telltale.output.invalid_reason"]).toBe("$.degrees should be number, is string");
    expect(attributes("err500")["http.response.status_code"]).toBe(500);
  });

  it("has every call of several, and every letter", () => {
    expect(parsed("parallel-tools", "output")).toMatchObject([
      { parts: [{ arguments: { city: "Oslo" } }, { id: "Qp81Zk22a", arguments: { city: "東京" } }] },
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
