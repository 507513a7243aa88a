import { beforeAll, describe, expect, it } from "vitest";
import { bedrockScript } from "./servers/bedrock.ts";
import { commonTrees } from "./testing/common-scenarios.ts";
import { behaviour, observe, type Observation } from "./testing/observe.ts";
import { startScriptedHttp2Server } from "./testing/scripted-http2-server.ts";
import { startScriptedServer } from "./testing/scripted-server.ts";

const USAGE = {
  // 18 fresh, 512 read, 100 written, of which 60 for an hour.
  "gen_ai.usage.input_tokens": 630,
  "gen_ai.usage.output_tokens": 25,
  "gen_ai.usage.cache_read.input_tokens": 512,
  "gen_ai.usage.cache_write.input_tokens": 100,
  "telltale.usage.cache_write_1h.input_tokens": 60,
};
const MODEL = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
const ARN = "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.amazon.nova-lite-v1:0";

describe.each(["http2", "http1"])("a program with @aws-sdk/client-bedrock-runtime by %s", (handler) => {
  let seen: Observation;

  beforeAll(async () => {
    const start = handler === "http1" ? startScriptedServer : startScriptedHttp2Server;
    seen = await observe({ file: "bedrock.ts", server: () => start(bedrockScript), environment: { HANDLER: handler } });
  }, 120_000);

  const json = (value: unknown): unknown => JSON.parse(String(value)) as unknown;
  const only = (name: string): Readonly<Record<string, unknown>> => seen.scenario(name).spans[0]?.attributes ?? {};
  const output = (name: string): unknown => json(only(name)["gen_ai.output.messages"]);

  it("behaves with the SDK as it does without", () => {
    expect(seen.without.signal).toBe("SIGTERM");
    expect(behaviour(seen.watched)).toEqual(behaviour(seen.without));
  });

  const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
  const common = commonTrees(
    "chat nova",
    ["chat tools", "execute_tool weather", "chat tools"],
    "embeddings amazon.titan-embed-text-v2:0",
  ).map(([name, below]) => [name, indented(below)] as const);
  const turns = Array.from({ length: 8 }, (_, index) => [`  turn of user-${index}`, "    chat nova"]).flat();
  it.each<readonly [scenario: string, below: readonly string[]]>([
    ...common,
    ["chat", [`  chat ${MODEL}`]],
    ["arn", [`  chat ${ARN}`]],
    ["stream", ["  chat nova"]],
    ["thinks", ["  chat thinks"]],
    ["tools", ["  chat tools", "  execute_tool weather", "  chat tools"]],
    ["parallel-tools", ["  chat tools-2", "  execute_tool weather", "  execute_tool weather", "  chat tools-2"]],
    ["stream-tools", ["  chat tools-2"]],
    ["structured", ["  chat json"]],
    ["badjson ! SyntaxError", ["  chat bad-json"]],
    ["badschema", ["  chat bad-schema"]],
    ["guarded", ["  chat guarded"]],
    ["vision", ["  chat nova"]],
    ["err429 ! ThrottlingException", ["  chat limited ! ThrottlingException"]],
    ["err500 ! InternalServerException", ["  chat broken ! InternalServerException"]],
    ["err429-stream ! ThrottlingException", ["  chat limited ! ThrottlingException"]],
    ["retried ! ThrottlingException", ["  chat limited ! ThrottlingException", "  chat limited ! ThrottlingException"]],
    ["overloaded ! ModelStreamErrorException", ["  chat overloaded ! ModelStreamErrorException"]],
    ["abandoned", ["  chat endless"]],
    ["left", ["  chat endless"]],
    ["concurrent", turns],
    ["unicode", ["  chat unicode", "  chat unicode"]],
    ["big", ["  chat nova"]],
    [
      "invoke",
      [
        "  chat amazon.nova-pro-v1:0",
        "  chat anthropic.claude-sonnet-v1:0",
        "  chat cohere.command-r-v1:0",
        "  text_completion amazon.titan-text-v1",
        "  text_completion meta.llama3-v1:0",
        "  text_completion mistral.mistral-7b-v0:2",
      ],
    ],
    ["embeddings", ["  embeddings amazon.titan-embed-text-v2:0", "  embeddings cohere.embed-english-v3"]],
  ])("%s is one tree", (root, below) => {
    expect(seen.scenario(root.split(" ")[0] ?? "").tree.toSorted()).toEqual([root, ...below].toSorted());
  });

  it.each([
    ["timeout", ["chat never"]],
    ["abort", ["chat never"]],
    ["cut", ["chat cut"]],
  ])("%s is one tree, whatever its error is called", (name, below) => {
    const tree = seen.scenario(name).tree.map((line) => line.replace(/ ! .*/, ""));
    expect(tree).toEqual([name, ...indented(below)]);
  });

  it.each([
    ["chat", ["complete"]],
    ["stream", ["complete"]],
    ["guarded", ["refused"]],
    ["err429", ["complete"]],
    ["timeout", ["timeout"]],
    ["abort", ["aborted"]],
    ["abandoned", ["abandoned"]],
    ["left", ["abandoned"]],
    ["cut", ["cut"]],
    ["stopped", ["cut"]],
    ["dropped", ["failed"]],
    ["concurrent", Array.from({ length: 8 }, () => "complete")],
  ])("%s ended %s", (name, outcomes) => {
    const calls = seen.scenario(name).spans.filter((span) => span.kind === 3);
    expect(calls.map(({ attributes }) => attributes["telltale.outcome"])).toEqual(outcomes);
  });

  it("tells a call in the conventions' names", () => {
    const [span] = seen.scenario("chat").spans;
    expect(span).toMatchObject({ name: `chat ${MODEL}`, kind: 3, statusCode: 0 });
    const { "server.port": port, ...attributes } = span?.attributes ?? {};
    expect(port).toEqual(expect.any(Number));
    expect(attributes).toEqual({
      ...USAGE,
      "telltale.span.kind": "llm",
      "telltale.wire": "bedrock-converse",
      "telltale.outcome": "complete",
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "aws.bedrock",
      "server.address": "127.0.0.1",
      "http.response.status_code": 200,
      "gen_ai.request.model": MODEL,
      "gen_ai.request.max_tokens": 100,
      "gen_ai.request.temperature": { double: 1 },
      "gen_ai.request.top_p": { double: 0.9 },
      "gen_ai.request.top_k": { double: 5 },
      "gen_ai.request.stop_sequences": ["END"],
      "gen_ai.response.finish_reasons": ["end_turn"],
      "aws.request_id": "4d5a1f3e-0000-4000-8000-000000000001",
      "gen_ai.system_instructions": '[{"type":"text","content":"Be brief."}]',
      "gen_ai.input.messages": '[{"role":"user","parts":[{"type":"text","content":"Hello"}]}]',
      "gen_ai.output.messages":
        '[{"role":"assistant","parts":[{"type":"text","content":"You said: Hello"}],"finish_reason":"stop"}]',
    });
    expect(only("arn")["gen_ai.request.model"]).toBe(ARN);
  });

  it("tells the same of a stream, with the time of the first word", () => {
    expect(only("stream")).toMatchObject({ ...USAGE, "gen_ai.request.stream": true });
    const first = only("stream")["gen_ai.response.time_to_first_chunk"] as { readonly double: number };
    expect(first.double).toBeGreaterThan(0);
    expect(output("stream")).toEqual([
      { role: "assistant", parts: [{ type: "text", content: "You said: Hello there" }], finish_reason: "stop" },
    ]);
    const parts = [
      { type: "reasoning", content: "A greeting. " },
      { type: "text", content: "Hello there!" },
    ];
    expect(output("thinks")).toEqual([{ role: "assistant", parts, finish_reason: "stop" }]);
  });

  it.each(["parallel-tools", "stream-tools"])("has tools, calls and results (%s)", (name) => {
    expect(json(only(name)["gen_ai.tool.definitions"])).toMatchObject([
      { type: "function", name: "weather", description: "Weather of a city", parameters: { required: ["city"] } },
    ]);
    expect(output(name)).toMatchObject([
      {
        parts: [
          { type: "tool_call", id: "tooluse_1", name: "weather", arguments: { city: "Oslo" } },
          { type: "tool_call", id: "tooluse_2", name: "weather", arguments: { city: "東京" } },
        ],
        finish_reason: "tool_call",
      },
    ]);
    const last = seen.scenario("parallel-tools").spans.at(-1)?.attributes;
    expect(json(last?.["gen_ai.input.messages"])).toMatchObject([
      { role: "user" },
      { role: "assistant" },
      { role: "tool", parts: [{ type: "tool_call_response", id: "tooluse_1", response: { sky: "sunny" } }, {}] },
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

  it("reads the bodies of every maker, whole and streamed", () => {
    const told = (name: string): unknown =>
      seen
        .scenario(name)
        .spans.map(({ attributes }) => [
          attributes["gen_ai.request.model"],
          attributes["gen_ai.usage.input_tokens"],
          attributes["gen_ai.usage.output_tokens"],
          attributes["gen_ai.response.finish_reasons"],
          (json(attributes["gen_ai.output.messages"]) as { parts: { content?: string }[] }[])[0]?.parts.at(-1)?.content,
        ]);
    const answers = [
      ["anthropic.claude-sonnet-v1:0", 630, 25, ["end_turn"], "Hello!"],
      ["amazon.nova-pro-v1:0", 630, 25, ["end_turn"], "You said: Hello"],
      ["amazon.titan-text-v1", 5, 7, ["FINISH"], "Titan speaks."],
      ["meta.llama3-v1:0", 6, 8, ["stop"], "Llama speaks."],
      // Neither tells of tokens; Bedrock's own count has to do.
      ["mistral.mistral-7b-v0:2", 21, 9, ["length"], "Mistral speaks."],
      ["cohere.command-r-v1:0", 21, 9, ["COMPLETE"], "Command speaks."],
    ];
    expect(told("invoke")).toEqual(answers);
    expect(told("invoke-stream")).toEqual(answers);
    for (const { attributes } of seen.scenario("invoke").spans) {
      expect(attributes).toHaveProperty("gen_ai.request.max_tokens");
      expect(attributes["gen_ai.input.messages"]).toContain("Hello");
    }
    for (const { attributes } of seen.scenario("invoke-stream").spans) {
      expect(attributes).toHaveProperty(["gen_ai.response.time_to_first_chunk"]);
    }
  });

  it("embeds without sending vectors", () => {
    const [titan, cohere] = seen.scenario("embeddings").spans.map(({ attributes }) => attributes);
    expect(titan).toMatchObject({
      "telltale.span.kind": "embedding",
      "gen_ai.usage.input_tokens": 5,
      "gen_ai.embeddings.dimension.count": 3,
    });
    expect(cohere).toMatchObject({
      "gen_ai.usage.input_tokens": 21,
      "telltale.embeddings.count": 2,
      "gen_ai.embeddings.dimension.count": 2,
    });
  });

  it("leaves media out and says how large they were", () => {
    expect(json(only("vision")["gen_ai.input.messages"])).toMatchObject([
      {
        parts: [
          { type: "blob", mime_type: "image/png", modality: "image", left_out_bytes: 3000 },
          { type: "uri", mime_type: "application/pdf", modality: "document", uri: "s3://b/d.pdf" },
          { type: "text" },
        ],
      },
    ]);
  });

  it("has the provider's own words for a failure, and the number of the attempt", () => {
    const [first, second] = seen.scenario("retried").spans;
    expect(first?.statusMessage).toBe("Refused: ThrottlingException.");
    expect([first, second].map((span) => span?.attributes["http.request.resend_count"] ?? 0)).toEqual([0, 1]);
    expect(only("err429")).not.toHaveProperty("gen_ai.usage.input_tokens");
    expect(seen.scenario("overloaded").spans[0]?.statusMessage).toBe("Overloaded");
  });

  it("keeps what came of a stream that was cut or left", () => {
    for (const name of ["cut", "stopped"]) {
      expect(output(name)).toEqual([{ role: "assistant", parts: [{ type: "text", content: "You said: " }] }]);
    }
    expect(JSON.stringify(output("abandoned"))).toContain("on on");
    const failed = ["timeout", "abort", "cut", "stopped", "dropped"].map((name) => seen.scenario(name).spans[0]);
    expect(failed.map((span) => span?.statusCode)).toEqual([2, 2, 2, 2, 2]);
  });

  it("keeps users apart, and every letter of a long or a strange text", () => {
    for (const { attributes, kind } of seen.scenario("concurrent").spans) {
      if (kind === 3) expect(attributes["gen_ai.input.messages"]).toContain(`"${String(attributes["user.id"])}"`);
    }
    expect(String(only("unicode")["gen_ai.output.messages"])).toContain("Grüße aus 東京 🗼 — naïve, \u{1F468}‍👩‍👧");
    expect(String(only("big")["gen_ai.input.messages"])).toContain("Lorem ipsum — dolor sit amet. ".repeat(1700));
  });
});
