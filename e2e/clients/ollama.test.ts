import { beforeAll, describe, expect, it } from "vitest";
import { ollamaScript } from "./servers/ollama.ts";
import { commonTrees } from "./testing/common-scenarios.ts";
import { behaviour, observe, type Observation } from "./testing/observe.ts";
import { startScriptedServer } from "./testing/scripted-server.ts";

let seen: Observation;
const attributes = (name: string): Readonly<Record<string, unknown>> =>
  seen.scenario(name).spans.find(({ kind }) => kind === 3)?.attributes ?? {};
const parsed = (name: string, side: "input" | "output"): unknown =>
  JSON.parse(String(attributes(name)[`gen_ai.${side}.messages`])) as unknown;

beforeAll(async () => {
  seen = await observe({ file: "ollama.ts", server: () => startScriptedServer(ollamaScript) });
}, 120_000);

const users = Array.from({ length: 6 }, (_, index) => `user-${index}`);
const TREES: readonly (readonly [string, readonly string[]])[] = [
  ...commonTrees("chat llama", ["chat tools", "execute_tool weather", "chat tools"], "embeddings embedder"),
  ["chat", ["chat llama"]],
  ["stream", ["chat llama"]],
  ["thinks", ["chat thinks", "chat thinks"]],
  ["tools", ["chat tools", "execute_tool weather", "chat tools"]],
  ["parallel-tools", ["chat tools-2", "execute_tool weather", "execute_tool weather", "chat tools-2"]],
  ["stream-tools", ["chat tools-2"]],
  ["structured", ["chat json"]],
  ["badjson ! SyntaxError", ["chat bad-json"]],
  ["badschema", ["chat bad-schema"]],
  ["vision", ["chat llama"]],
  ["generate", ["text_completion llama"]],
  ["generate-stream", ["text_completion llama"]],
  ["embed", ["embeddings embedder"]],
  ["embeddings", ["embeddings embedder"]],
  ["cached", ["chat cached"]],
  ["loaded", []],
  ["missing ! ResponseError", ["chat missing ! 404"]],
  ["err429 ! ResponseError", ["chat limited ! 429"]],
  ["err500 ! ResponseError", ["chat broken ! 500"]],
  ["fails ! Error", ["chat fails ! error"]],
  ["abort ! AbortError", ["chat endless ! AbortError"]],
  ["timeout ! TimeoutError", ["chat never ! TimeoutError"]],
  ["abandoned", ["chat endless"]],
  ["cut ! TypeError", ["chat cut ! TypeError"]],
  ["stopped ! Error", ["chat stopped ! stream_cut"]],
  ["dropped ! TypeError", ["chat drop ! TypeError"]],
  ["concurrent", users.flatMap((user) => [`turn of ${user}`, "  chat llama"])],
  ["unicode", ["chat unicode", "chat unicode"]],
  ["big", ["chat llama"]],
  ["own", []],
];

describe("a program with ollama", () => {
  it("behaves with the SDK as it does without", () => {
    expect(seen.without.code).toBe(0);
    expect(behaviour(seen.watched)).toEqual(behaviour(seen.without));
  });

  it.each(TREES)("%s is one tree", (scenario, below) => {
    const { tree } = seen.scenario(scenario.split(" ")[0] ?? "");
    expect(tree).toEqual([scenario, ...below.map((line) => `  ${line}`)]);
  });

  it("has no span beside those", () => {
    expect(seen.spans.filter(({ parentSpanId }) => parentSpanId === "")).toHaveLength(TREES.length);
  });

  it.each([
    ["stream", "complete"],
    ["missing", "complete"],
    ["abort", "aborted"],
    ["timeout", "timeout"],
    ["abandoned", "abandoned"],
    ["cut", "cut"],
    ["stopped", "cut"],
    ["dropped", "failed"],
  ])("%s ended %s", (name, outcome) => {
    expect(attributes(name)["telltale.outcome"]).toBe(outcome);
  });

  it("tells options, counts and durations", () => {
    expect(attributes("chat")).toMatchObject({
      "gen_ai.provider.name": "ollama",
      "gen_ai.request.temperature": { double: 0 },
      "gen_ai.request.max_tokens": 50,
      "gen_ai.request.top_k": { double: 40 },
      "gen_ai.request.seed": 1,
      "gen_ai.request.stop_sequences": ["END"],
      "gen_ai.response.model": "llama",
      "gen_ai.response.finish_reasons": ["stop"],
      "gen_ai.usage.input_tokens": 26,
      "gen_ai.usage.output_tokens": 7,
      "telltale.ollama.total_duration": 4_935_886_791,
      "telltale.ollama.load_duration": 534_986_708,
    });
    expect(attributes("stream")).toMatchObject({ "gen_ai.request.stream": true, "gen_ai.usage.output_tokens": 7 });
    expect(attributes("stream")["gen_ai.response.time_to_first_chunk"]).toBeDefined();
    expect(attributes("cached")).not.toHaveProperty("gen_ai.usage.input_tokens");
    expect(attributes("abandoned")).not.toHaveProperty("gen_ai.usage.output_tokens");
    expect(attributes("embed")).toMatchObject({
      "gen_ai.usage.input_tokens": 8,
      "gen_ai.embeddings.dimension.count": 3,
      "telltale.embeddings.count": 2,
    });
    expect(attributes("embeddings")["gen_ai.embeddings.dimension.count"]).toBe(4);
  });

  it("has what was said, thought, called and left out", () => {
    expect(parsed("stream", "output")).toMatchObject([{ parts: [{ content: "You said: Hello there" }] }]);
    const thought = { type: "reasoning", content: "Let me see." };
    for (const { attributes: told } of seen.scenario("thinks").spans) {
      expect(JSON.parse(String(told["gen_ai.output.messages"]))).toMatchObject([
        { parts: [thought, { type: "text" }] },
      ]);
    }
    const calls = ["Oslo", "東京"].map((city) => ({ type: "tool_call", name: "weather", arguments: { city } }));
    expect(parsed("stream-tools", "output")).toMatchObject([{ parts: calls }]);
    expect(parsed("vision", "input")).toEqual([
      {
        role: "user",
        parts: [
          { type: "text", content: "What is it?" },
          { type: "blob", modality: "image", content: "", left_out_bytes: 900 },
        ],
      },
    ]);
    expect(attributes("generate")["gen_ai.system_instructions"]).toContain("Be brief.");
    expect(parsed("cut", "output")).toMatchObject([{ parts: [{ content: "You said: " }] }]);
    expect(seen.scenario("fails").spans[0]?.statusMessage).toContain("while running the model");
  });

  it.each([
    ["structured", true, undefined],
    ["badjson", false, /^not JSON: /],
    ["badschema", false, /^\$\.degrees should be number/],
  ])("judges the output of %s", (name, valid, reason) => {
    expect(attributes(name)["telltale.output.valid"]).toBe(valid);
    if (reason !== undefined) expect(attributes(name)["telltale.output.invalid_reason"]).toMatch(reason);
  });

  it("crosses no context between users at work at once", () => {
    const { spans } = seen.scenario("concurrent");
    for (const user of users) {
      const turn = spans.find(({ name }) => name === `turn of ${user}`);
      const call = spans.find(({ parentSpanId }) => parentSpanId === turn?.spanId);
      expect(call?.attributes["user.id"]).toBe(user);
      expect(call?.attributes["gen_ai.output.messages"]).toContain(user);
    }
  });
});
