import { beforeAll, describe, expect, it } from "vitest";
import { anthropicScript } from "./servers/anthropic.ts";
import { commonTrees } from "./testing/common-scenarios.ts";
import { behaviour, observe, type Observation } from "./testing/observe.ts";
import { startScriptedServer } from "./testing/scripted-server.ts";

let seen: Observation;

beforeAll(async () => {
  seen = await observe({ file: "anthropic.ts", server: () => startScriptedServer(anthropicScript) });
}, 120_000);

const json = (value: unknown): unknown => JSON.parse(String(value)) as unknown;
const only = (name: string): Readonly<Record<string, unknown>> => seen.scenario(name).spans[0]?.attributes ?? {};
const output = (name: string): unknown => json(only(name)["gen_ai.output.messages"]);

const CACHED = {
  // 18 fresh, 512 read, 100 written, of which 60 for an hour.
  "gen_ai.usage.input_tokens": 630,
  "gen_ai.usage.output_tokens": 25,
  "gen_ai.usage.cache_read.input_tokens": 512,
  "gen_ai.usage.cache_write.input_tokens": 100,
  "telltale.usage.cache_write_1h.input_tokens": 60,
};

describe("a program with @anthropic-ai/sdk", () => {
  it("behaves with the SDK as it does without", () => {
    expect(seen.without.code).toBe(0);
    expect(behaviour(seen.watched)).toEqual(behaviour(seen.without));
  });

  const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
  const common = commonTrees("chat claude", ["chat tools", "execute_tool weather", "chat tools"]).map(
    ([name, below]) => [name, indented(below)] as const,
  );
  const turns = Array.from({ length: 8 }, (_, index) => [`  turn of user-${index}`, "    chat claude"]).flat();
  it.each<readonly [scenario: string, below: readonly string[]]>([
    ...common,
    ["chat", ["  chat claude"]],
    ["stream", ["  chat claude"]],
    ["helper", ["  chat thinks"]],
    ["tools", ["  chat tools", "  execute_tool weather", "  chat tools"]],
    ["parallel-tools", ["  chat tools-2", "  execute_tool weather", "  execute_tool weather", "  chat tools-2"]],
    ["stream-tools", ["  chat tools-2", "  execute_tool weather", "  execute_tool weather", "  chat tools-2"]],
    ["advised", ["  chat advised"]],
    ["advised-stream", ["  chat advised"]],
    ["structured", ["  chat json"]],
    ["badjson ! SyntaxError", ["  chat bad-json"]],
    ["badschema", ["  chat bad-schema"]],
    ["refused", ["  chat refuses"]],
    ["vision", ["  chat unicode"]],
    ["err429 ! RateLimitError", ["  chat limited ! rate_limit_error"]],
    ["err500 ! InternalServerError", ["  chat broken ! api_error"]],
    ["overloaded ! APIError", ["  chat overloaded ! overloaded_error"]],
    ["timeout ! APIConnectionTimeoutError", ["  chat never ! AbortError"]],
    ["abort ! APIUserAbortError", ["  chat never ! AbortError"]],
    ["abandoned", ["  chat endless"]],
    ["cut ! TypeError", ["  chat cut ! TypeError"]],
    ["stopped", ["  chat stopped ! stream_cut"]],
    ["dropped ! APIConnectionError", ["  chat drop ! TypeError"]],
    ["concurrent", turns],
    ["unicode", ["  chat unicode", "  chat unicode"]],
    ["big", ["  chat claude"]],
    ["counted", []],
    ["vertex", ["  chat claude@20261101", "  chat claude@20261101"]],
  ])("%s is one tree", (root, below) => {
    expect(seen.scenario(root.split(" ")[0] ?? "").tree.toSorted()).toEqual([root, ...below].toSorted());
  });

  it.each([
    ["chat", "complete"],
    ["stream", "complete"],
    ["helper", "complete"],
    ["refused", "refused"],
    ["err429", "complete"],
    ["overloaded", "abandoned"],
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

describe("a call to Anthropic", () => {
  it("is told in the conventions' names", () => {
    const [span] = seen.scenario("chat").spans;
    expect(span).toMatchObject({ name: "chat claude", kind: 3, statusCode: 0 });
    const { "server.port": port, ...attributes } = span?.attributes ?? {};
    expect(port).toEqual(expect.any(Number));
    expect(attributes).toEqual({
      ...CACHED,
      "telltale.span.kind": "llm",
      "telltale.wire": "anthropic-messages",
      "telltale.outcome": "complete",
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "anthropic",
      "server.address": "127.0.0.1",
      "http.response.status_code": 200,
      "gen_ai.request.model": "claude",
      "gen_ai.request.max_tokens": 1024,
      "gen_ai.request.temperature": { double: 1 },
      "gen_ai.request.top_k": { double: 5 },
      "gen_ai.request.stop_sequences": ["END"],
      "anthropic.thinking.type": "enabled",
      "anthropic.thinking.budget_tokens": 1024,
      "anthropic.request.id": "req_1",
      "anthropic.response.inference_geo": "global",
      "anthropic.response.service_tier": "standard",
      "gen_ai.response.id": "msg_01",
      "gen_ai.response.model": "claude-20261101",
      "gen_ai.response.finish_reasons": ["end_turn"],
      "gen_ai.system_instructions": '[{"type":"text","content":"Be brief."}]',
      "gen_ai.input.messages": '[{"role":"user","parts":[{"type":"text","content":"Hello"}]}]',
      "gen_ai.output.messages":
        '[{"role":"assistant","parts":[{"type":"text","content":"You said: Hello"}],"finish_reason":"stop"}]',
    });
  });

  it("is the same when it is streamed, with the time of the first word", () => {
    const attributes = only("stream");
    expect(attributes).toMatchObject({ ...CACHED, "gen_ai.response.finish_reasons": ["end_turn"] });
    const first = attributes["gen_ai.response.time_to_first_chunk"] as { readonly double: number };
    expect(first.double).toBeGreaterThan(0);
    expect(output("stream")).toEqual([
      { role: "assistant", parts: [{ type: "text", content: "You said: Hello there" }], finish_reason: "stop" },
    ]);
  });

  it("has thoughts apart from words", () => {
    expect(output("helper")).toMatchObject([
      {
        parts: [
          { type: "reasoning", content: "The user greets me." },
          { type: "redacted_reasoning" },
          { type: "text", content: "Hello!" },
        ],
      },
    ]);
  });

  it.each(["parallel-tools", "stream-tools"])("has tools, calls and results (%s)", (name) => {
    const [first, , , second] = seen.scenario(name).spans.map(({ attributes }) => attributes);
    expect(json(first?.["gen_ai.tool.definitions"])).toMatchObject([
      { type: "function", name: "weather", description: "Weather of a city", parameters: { required: ["city"] } },
    ]);
    expect(json(first?.["gen_ai.output.messages"])).toEqual([
      {
        role: "assistant",
        parts: [
          { type: "tool_call", id: "toolu_1", name: "weather", arguments: { city: "Oslo" } },
          { type: "tool_call", id: "toolu_2", name: "weather", arguments: { city: "東京" } },
        ],
        finish_reason: "tool_call",
      },
    ]);
    expect(json(second?.["gen_ai.input.messages"])).toMatchObject([
      { role: "user" },
      { role: "assistant" },
      {
        role: "tool",
        parts: [
          { type: "tool_call_response", id: "toolu_1", response: 'sunny: {"city":"Oslo"}' },
          { type: "tool_call_response", id: "toolu_2" },
        ],
      },
    ]);
  });

  it.each(["advised", "advised-stream"])("says which model was billed for what (%s)", (name) => {
    expect(only(name)).toMatchObject({
      "gen_ai.usage.input_tokens": 2390 + 2518,
      "gen_ai.usage.output_tokens": 121 + 22,
      "gen_ai.usage.reasoning.output_tokens": 28,
      "telltale.usage.web_search.requests": 2,
    });
    expect(json(only(name)["telltale.usage.models"])).toMatchObject([
      { model: "claude-sonnet-5", input_tokens: 2390, output_tokens: 121, "reasoning.output_tokens": 28 },
      { model: "claude-opus-4-8", input_tokens: 2518, output_tokens: 22 },
    ]);
    expect(output(name)).toMatchObject([
      {
        parts: [
          { type: "server_tool_call", id: "srvtoolu_1", server_tool_call: { type: "web_search" } },
          { type: "server_tool_call_response", id: "srvtoolu_1" },
          { type: "text", content: "High water at noon." },
        ],
      },
    ]);
    expect(JSON.stringify(only(name))).not.toContain("EqRkLongCipher");
  });

  it.each([
    ["structured", true, undefined],
    ["badjson", false, /^not JSON: /],
    ["badschema", false, /^\$\.degrees should be number, is string$/],
  ])("judges %s output", (name, valid, reason) => {
    expect(only(name)).toMatchObject({ "telltale.output.valid": valid, "gen_ai.output.type": "json" });
    if (reason !== undefined) expect(only(name)["telltale.output.invalid_reason"]).toMatch(reason);
  });

  it("that was declined says so and is no broken answer", () => {
    expect(only("refused")).toMatchObject({
      "gen_ai.response.finish_reasons": ["refusal"],
      "anthropic.response.refusal.category": "cyber",
    });
    expect(output("refused")).toEqual([{ role: "assistant", parts: [], finish_reason: "content_filter" }]);
  });

  it("leaves pictures out and says how large they were", () => {
    expect(json(only("vision")["gen_ai.input.messages"])).toMatchObject([
      { parts: [{ type: "blob", mime_type: "image/png", modality: "image", left_out_bytes: 3000 }, { type: "text" }] },
    ]);
  });

  it("that fails has the provider's own words and no usage", () => {
    const [span] = seen.scenario("err429").spans;
    expect(span?.statusMessage).toBe("Refused: rate_limit_error.");
    expect(only("err429")).toMatchObject({ "http.response.status_code": 429, "anthropic.request.id": "req_2" });
    expect(only("err429")).not.toHaveProperty("gen_ai.usage.input_tokens");
    expect(output("overloaded")).toMatchObject([{ parts: [{ content: "You " }] }]);
  });

  it("keeps what came of a stream that was cut or left", () => {
    for (const name of ["cut", "stopped"]) expect(output(name)).toMatchObject([{ parts: [{ content: "You " }] }]);
    expect(JSON.stringify(output("abandoned"))).toContain("on on");
  });

  it("belongs to the user who asked", () => {
    for (const { attributes, name } of seen.scenario("concurrent").spans) {
      if (name !== "chat claude") continue;
      expect(attributes["gen_ai.input.messages"]).toContain(`"${String(attributes["user.id"])}"`);
    }
  });

  it("keeps every letter of a long or a strange text", () => {
    expect(String(only("unicode")["gen_ai.output.messages"])).toContain("Grüße aus 東京 🗼 — naïve, \u{1F468}‍👩‍👧");
    expect(String(only("big")["gen_ai.input.messages"])).toContain("Lorem ipsum — dolor sit amet. ".repeat(1700));
  });

  it("on Vertex AI has its model from the path", () => {
    for (const { attributes } of seen.scenario("vertex").spans) {
      expect(attributes).toMatchObject({
        ...CACHED,
        "gen_ai.provider.name": "gcp.vertex_ai",
        "gen_ai.request.model": "claude@20261101",
      });
    }
  });
});
