import { beforeAll, describe, expect, it } from "vitest";
import { geminiScript } from "./servers/gemini.ts";
import { commonTrees } from "./testing/common-scenarios.ts";
import { behaviour, observe, type Observation } from "./testing/observe.ts";
import { startScriptedServer } from "./testing/scripted-server.ts";

let seen: Observation;

beforeAll(async () => {
  seen = await observe({ file: "gemini.ts", server: () => startScriptedServer(geminiScript) });
}, 120_000);

const json = (value: unknown): unknown => JSON.parse(String(value)) as unknown;
const only = (name: string): Readonly<Record<string, unknown>> => seen.scenario(name).spans[0]?.attributes ?? {};
const output = (name: string): unknown => json(only(name)["gen_ai.output.messages"]);

const USAGE = {
  "gen_ai.usage.input_tokens": 345,
  // 20 of the answer and 31 of thoughts, which Google counts apart.
  "gen_ai.usage.output_tokens": 51,
  "gen_ai.usage.reasoning.output_tokens": 31,
  "gen_ai.usage.cache_read.input_tokens": 230,
  // 172 of the picture's 258 were cached.
  "gen_ai.usage.image.input_tokens": 86,
  "gen_ai.usage.audio.input_tokens": 30,
};

describe("a program with @google/genai", () => {
  it("behaves with the SDK as it does without", () => {
    expect(seen.without.code).toBe(0);
    expect(behaviour(seen.watched)).toEqual(behaviour(seen.without));
  });

  const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
  const common = commonTrees(
    "generate_content gemini",
    ["generate_content tools", "execute_tool weather", "generate_content tools"],
    "embeddings embedder",
  ).map(([name, below]) => [name, indented(below)] as const);
  const turns = Array.from({ length: 8 }, (_, index) => [
    `  turn of user-${index}`,
    "    generate_content gemini",
  ]).flat();
  it.each<readonly [scenario: string, below: readonly string[]]>([
    ...common,
    ["chat", ["  generate_content gemini"]],
    ["stream", ["  generate_content gemini"]],
    ["thinks", ["  generate_content thinks"]],
    ["session", ["  generate_content gemini", "  generate_content gemini"]],
    ["list", ["  generate_content thinks"]],
    ["list-cut ! TypeError", ["  generate_content cut ! TypeError"]],
    ["tools", ["  generate_content tools", "  execute_tool weather", "  generate_content tools"]],
    [
      "parallel-tools",
      ["  generate_content tools-2", "  execute_tool weather", "  execute_tool weather", "  generate_content tools-2"],
    ],
    ["stream-tools", ["  generate_content tools-2"]],
    ["code", ["  generate_content runs"]],
    ["structured", ["  generate_content json"]],
    ["badjson ! SyntaxError", ["  generate_content bad-json"]],
    ["badschema", ["  generate_content bad-schema"]],
    ["embeddings", ["  embeddings embedder"]],
    ["embedding", ["  embeddings embedder"]],
    ["embeddings-vertex", ["  embeddings text-embedding-005"]],
    ["imagen-vertex", []],
    ["vertex", ["  generate_content gemini"]],
    ["refused", ["  generate_content blocked"]],
    ["refused-stream", ["  generate_content blocked"]],
    ["filtered", ["  generate_content unsafe"]],
    ["vision", ["  generate_content draws"]],
    ["err429 ! ApiError", ["  generate_content limited ! RESOURCE_EXHAUSTED"]],
    ["err500 ! ApiError", ["  generate_content broken ! INTERNAL"]],
    ["err429-stream ! ApiError", ["  generate_content limited ! RESOURCE_EXHAUSTED"]],
    ["overloaded ! ApiError", ["  generate_content overloaded ! UNAVAILABLE"]],
    ["timeout ! AbortError", ["  generate_content never ! AbortError"]],
    ["abort ! AbortError", ["  generate_content never ! AbortError"]],
    ["abandoned", ["  generate_content endless"]],
    ["cut ! TypeError", ["  generate_content cut ! TypeError"]],
    ["stopped", ["  generate_content stopped ! stream_cut"]],
    ["dropped ! TypeError", ["  generate_content drop ! TypeError"]],
    ["concurrent", turns],
    ["unicode", ["  generate_content unicode", "  generate_content unicode"]],
    ["big", ["  generate_content gemini"]],
    ["counted", []],
  ])("%s is one tree", (root, below) => {
    expect(seen.scenario(root.split(" ")[0] ?? "").tree.toSorted()).toEqual([root, ...below].toSorted());
  });

  it.each([
    ["chat", "complete"],
    ["stream", "complete"],
    ["list", "complete"],
    ["list-cut", "cut"],
    ["refused", "refused"],
    ["refused-stream", "refused"],
    ["filtered", "refused"],
    ["err429", "complete"],
    ["timeout", "timeout"],
    ["abort", "aborted"],
    ["abandoned", "abandoned"],
    ["cut", "cut"],
    ["stopped", "cut"],
    ["dropped", "failed"],
  ])("%s ended %s", (name, outcome) => {
    expect(only(name)["telltale.outcome"]).toBe(outcome);
  });
});

describe("a call to Gemini", () => {
  it("is told in the conventions' names", () => {
    const [span] = seen.scenario("chat").spans;
    expect(span).toMatchObject({ name: "generate_content gemini", kind: 3, statusCode: 0 });
    const { "server.port": port, ...attributes } = span?.attributes ?? {};
    expect(port).toEqual(expect.any(Number));
    expect(attributes).toEqual({
      ...USAGE,
      "telltale.span.kind": "llm",
      "telltale.wire": "gemini",
      "telltale.outcome": "complete",
      "gen_ai.operation.name": "generate_content",
      "gen_ai.provider.name": "gcp.gemini",
      "server.address": "127.0.0.1",
      "http.response.status_code": 200,
      "gen_ai.request.model": "gemini",
      "gen_ai.request.max_tokens": 100,
      "gen_ai.request.seed": 7,
      "gen_ai.request.temperature": { double: 1 },
      "gen_ai.request.top_p": { double: 0.9 },
      "gen_ai.request.top_k": { double: 40 },
      "gen_ai.request.stop_sequences": ["END"],
      "gen_ai.request.reasoning.level": "high",
      "gen_ai.response.id": "resp_1",
      "gen_ai.response.model": "gemini-001",
      "gen_ai.response.finish_reasons": ["STOP"],
      "gen_ai.system_instructions": '[{"type":"text","content":"Be brief."}]',
      "gen_ai.input.messages": '[{"role":"user","parts":[{"type":"text","content":"Hello"}]}]',
      "gen_ai.output.messages":
        '[{"role":"assistant","parts":[{"type":"text","content":"You said: Hello"}],"finish_reason":"stop"}]',
    });
  });

  it("is the same when it is streamed, with the time of the first word", () => {
    expect(only("stream")).toMatchObject({ ...USAGE, "gen_ai.request.stream": true });
    const first = only("stream")["gen_ai.response.time_to_first_chunk"] as { readonly double: number };
    expect(first.double).toBeGreaterThan(0);
    expect(output("stream")).toEqual([
      { role: "assistant", parts: [{ type: "text", content: "You said: Hello there" }], finish_reason: "stop" },
    ]);
  });

  it.each(["thinks", "list"])("has thoughts apart from words (%s)", (name) => {
    const parts = [
      { type: "reasoning", content: "A greeting. " },
      { type: "text", content: "Hello there!" },
    ];
    expect(output(name)).toEqual([{ role: "assistant", parts, finish_reason: "stop" }]);
    expect(only(name)).toMatchObject(USAGE);
  });

  it.each(["parallel-tools", "stream-tools"])("has tools and calls (%s)", (name) => {
    expect(json(only(name)["gen_ai.tool.definitions"])).toMatchObject([
      { type: "function", name: "weather", description: "Weather of a city", parameters: { required: ["city"] } },
    ]);
    expect(output(name)).toMatchObject([
      {
        parts: [
          { type: "tool_call", id: "call_1", name: "weather", arguments: { city: "Oslo" } },
          { type: "tool_call", id: "call_2", name: "weather", arguments: { city: "東京" } },
        ],
        finish_reason: "tool_call",
      },
    ]);
  });

  it("has results of tools and what ran at the provider", () => {
    const second = seen.scenario("parallel-tools").spans.at(-1)?.attributes;
    expect(json(second?.["gen_ai.input.messages"])).toMatchObject([
      { role: "user" },
      { role: "assistant" },
      { role: "tool", parts: [{ type: "tool_call_response", id: "call_1", response: { sky: "sunny" } }, {}] },
    ]);
    expect(output("code")).toMatchObject([
      { parts: [{ type: "server_tool_call" }, { type: "server_tool_call_response" }, { content: "It is 42." }] },
    ]);
    expect(json(only("code")["gen_ai.tool.definitions"])).toEqual([
      { type: "codeExecution", name: "codeExecution" },
      { type: "googleSearch", name: "googleSearch" },
    ]);
  });

  it.each([
    ["structured", true, undefined],
    ["badjson", false, /^not JSON: /],
    ["badschema", false, /^\$\.degrees should be number, is string$/],
  ])("judges %s output", (name, valid, reason) => {
    expect(only(name)).toMatchObject({ "telltale.output.valid": valid, "gen_ai.output.type": "json" });
    if (reason !== undefined) expect(only(name)["telltale.output.invalid_reason"]).toMatch(reason);
  });

  it.each([
    ["embeddings", "gcp.gemini", 11, 2],
    ["embedding", "gcp.gemini", 11, 1],
    ["embeddings-vertex", "gcp.vertex_ai", 8, 2],
  ])("embeds without sending vectors (%s)", (name, provider, tokens, count) => {
    expect(only(name)).toMatchObject({
      "telltale.span.kind": "embedding",
      "gen_ai.operation.name": "embeddings",
      "gen_ai.provider.name": provider,
      "gen_ai.usage.input_tokens": tokens,
      "gen_ai.embeddings.dimension.count": 3,
      "telltale.embeddings.count": count,
      "gen_ai.input.messages": expect.stringContaining("one") as string,
    });
    expect(only(name)).not.toHaveProperty("gen_ai.output.messages");
  });

  it("that was declined says why", () => {
    expect(only("refused")).toMatchObject({
      "gen_ai.response.finish_reasons": ["PROHIBITED_CONTENT"],
      "gen_ai.usage.input_tokens": 9,
    });
    expect(output("filtered")).toMatchObject([{ finish_reason: "content_filter" }]);
  });

  it("leaves media out and says how large they were", () => {
    expect(json(only("vision")["gen_ai.input.messages"])).toMatchObject([
      {
        parts: [
          { type: "blob", mime_type: "audio/wav", modality: "audio", left_out_bytes: 3000 },
          { type: "uri", mime_type: "image/png", modality: "image", uri: "gs://b/x.png" },
        ],
      },
    ]);
    expect(output("vision")).toMatchObject([{ parts: [{ type: "blob", modality: "image", left_out_bytes: 300 }] }]);
  });

  it("that fails has the provider's own words and no usage", () => {
    expect(seen.scenario("err429").spans[0]?.statusMessage).toBe("Refused: RESOURCE_EXHAUSTED.");
    expect(only("err429")).not.toHaveProperty("gen_ai.usage.input_tokens");
  });

  it("keeps what came of a stream that was cut or left", () => {
    for (const name of ["cut", "stopped", "list-cut"]) {
      expect(output(name)).toEqual([{ role: "assistant", parts: [{ type: "text", content: "You said: " }] }]);
    }
    expect(JSON.stringify(output("abandoned"))).toContain("on on");
  });

  it("belongs to the user who asked", () => {
    for (const { attributes, name } of seen.scenario("concurrent").spans) {
      if (!name.startsWith("generate")) continue;
      expect(attributes["gen_ai.input.messages"]).toContain(`"${String(attributes["user.id"])}"`);
    }
  });

  it("keeps every letter of a long or a strange text", () => {
    expect(String(only("unicode")["gen_ai.output.messages"])).toContain("Grüße aus 東京 🗼 — naïve, \u{1F468}‍👩‍👧");
    expect(String(only("big")["gen_ai.input.messages"])).toContain("Lorem ipsum — dolor sit amet. ".repeat(1700));
  });
});
