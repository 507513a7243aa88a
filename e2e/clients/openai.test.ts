import { beforeAll, describe, expect, it } from "vitest";
import { newOpenaiScript, PICTURE } from "./servers/openai.ts";
import { behaviour, observe, type Observation } from "./testing/observe.ts";
import { startScriptedServer } from "./testing/scripted-server.ts";

type Attributes = Readonly<Record<string, unknown>>;

const parsed = (value: unknown): unknown => JSON.parse(String(value)) as unknown;
const users = Array.from({ length: 10 }, (_, index) => `user-${index}`);
const tools = ["chat tools", "execute_tool weather", "chat tools"];
const agents = [
  "invoke_agent planner",
  "  chat gpt",
  ...["north", "south"].flatMap((name) => [`invoke_agent ${name}`, ...tools.map((line) => `  ${line}`)]),
];

/** Each scenario with its error, if it throws one, and the spans below its own. */
const TREES: readonly (readonly [scenario: string, below: readonly string[]])[] = [
  ["chat", ["chat gpt"]],
  ["stream", ["chat gpt"]],
  ["stream-tools", ["chat tools-2"]],
  ["helper", ["chat gpt"]],
  ["tools", tools],
  ["parallel-tools", ["chat tools-2", "execute_tool weather", "execute_tool weather", "chat tools-2"]],
  ["strict-tools", ["chat strict-tools"]],
  ["structured", ["chat json"]],
  ["badjson ! SyntaxError", ["chat bad-json"]],
  ["badschema", ["chat bad-schema"]],
  ["refused", ["chat refuses"]],
  ["embeddings", ["embeddings embedder"]],
  ["rag", ["retrieval docs", "  embeddings embedder", "chat gpt"]],
  ["multi-agent", agents],
  ["err429 ! RateLimitError", ["chat limited ! rate_limit_exceeded"]],
  ["err500 ! InternalServerError", ["chat broken ! server_error"]],
  ["timeout ! APIConnectionTimeoutError", ["chat never ! *"]],
  ["abort ! APIUserAbortError", ["chat never ! *"]],
  ["abort-stream", ["chat endless"]],
  ["abandoned", ["chat endless"]],
  ["cut ! *", ["chat cut ! *"]],
  ["stopped", ["chat stopped ! stream_cut"]],
  ["dropped ! APIConnectionError", ["chat drop ! *"]],
  ["retried ! RateLimitError", ["chat limited ! *", "chat limited ! *", "chat limited ! rate_limit_exceeded"]],
  ["concurrent", users.flatMap((user) => [`turn of ${user}`, "  chat gpt"])],
  ["unicode", ["chat unicode", "chat unicode"]],
  ["big", ["chat gpt"]],
  ["vision", ["chat gpt"]],
  ["completions", ["text_completion old"]],
  ["responses", ["chat o9"]],
  ["responses-stream", ["chat o9"]],
  ["responses-cut ! *", ["chat cut ! *"]],
  ["responses-tools", ["chat built-in"]],
  ["responses-calls", ["chat calls"]],
  ["background", ["chat o9", "fetch_response o9-2026", "fetch_response o9-2026"]],
  ["cancelled", ["chat o9"]],
  ["forgotten", ["chat o9"]],
  ["lost ! NotFoundError", ["fetch_response ! not_found"]],
  ["moderation", ["moderation omni-moderation-latest"]],
  ["image", ["image_generation gpt-image-1"]],
  ["image-stream", ["image_generation gpt-image-1"]],
  ["image-edit", ["image_generation gpt-image-1"]],
  ["speech", ["speech tts"]],
  ["transcription", ["transcription whisper"]],
  ["translation", ["translation whisper"]],
  ["azure", ["chat house-gpt", "chat house-gpt"]],
];

/** What a wildcard in an expected line stands for: an error whose class is the client's or Node's own. */
const matching = (lines: readonly string[]): unknown[] =>
  lines.map((line) => (line.endsWith("*") ? (expect.stringMatching(`^${line.slice(0, -1)}\\w+$`) as string) : line));

describe.each(["openai", "openai-4"])("a program with %s", (client) => {
  let seen: Observation;
  const one = (name: string): Attributes => seen.scenario(name).spans.find(({ kind }) => kind === 3)?.attributes ?? {};
  const output = (name: string): unknown => parsed(one(name)["gen_ai.output.messages"]);
  const input = (name: string): unknown => parsed(one(name)["gen_ai.input.messages"]);

  beforeAll(async () => {
    const server = () => startScriptedServer(newOpenaiScript());
    seen = await observe({ file: "openai.ts", server, environment: { CLIENT: client } });
  }, 120_000);

  it("behaves with the SDK as it does without", () => {
    expect(seen.without.code).toBe(0);
    expect(behaviour(seen.watched)).toEqual(behaviour(seen.without));
  });

  it.each(TREES)("%s is one tree", (scenario, below) => {
    const { tree } = seen.scenario(scenario.split(" ")[0] ?? "");
    expect(tree).toEqual(matching([scenario, ...below.map((line) => `  ${line}`)]));
  });

  it("has no span beside those", () => {
    expect(seen.spans.filter(({ parentSpanId }) => parentSpanId === "")).toHaveLength(TREES.length);
  });

  it.each([
    ["chat", "complete"],
    ["stream", "complete"],
    ["refused", "refused"],
    ["err429", "complete"],
    ["timeout", "timeout"],
    ["abort", "aborted"],
    ["abort-stream", "abandoned"],
    ["abandoned", "abandoned"],
    ["cut", "cut"],
    ["stopped", "cut"],
    ["dropped", "failed"],
    ["responses-cut", "cut"],
  ])("%s ended %s", (name, outcome) => {
    expect(one(name)["telltale.outcome"]).toBe(outcome);
  });

  it("tells of a chat what the conventions name", () => {
    expect(one("chat")).toMatchObject({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.temperature": { double: 1 },
      "gen_ai.request.max_tokens": 50,
      "gen_ai.response.id": "chatcmpl-1",
      "gen_ai.response.model": "gpt-2026-11-01",
      "gen_ai.response.finish_reasons": ["stop"],
      "gen_ai.usage.input_tokens": 20,
      "gen_ai.usage.output_tokens": 7,
      "gen_ai.usage.cache_read.input_tokens": 16,
      "gen_ai.usage.reasoning.output_tokens": 3,
      "openai.response.service_tier": "default",
      "openai.response.system_fingerprint": "fp_1",
    });
    expect(one("stream")).toMatchObject({ "gen_ai.usage.input_tokens": 20, "gen_ai.request.stream": true });
    expect(one("abandoned")).not.toHaveProperty("gen_ai.usage.input_tokens");
    const first = one("stream")["gen_ai.response.time_to_first_chunk"] as { double: number };
    expect(first.double).toBeGreaterThan(0);
  });

  it("puts streamed calls of tools together, and keeps what came before a cut", () => {
    const parts = ["Oslo", "東京"].map((city, index) => ({
      type: "tool_call",
      id: `call_${index + 1}`,
      name: "weather",
      arguments: { city },
    }));
    expect(output("stream-tools")).toEqual([{ role: "assistant", parts, finish_reason: "tool_call" }]);
    expect(output("cut")).toEqual([{ role: "assistant", parts: [{ type: "text", content: "You said: " }] }]);
    expect(output("responses-cut")).toEqual([{ role: "assistant", parts: [{ type: "text", content: "Hei " }] }]);
  });

  it.each([
    ["structured", true, undefined],
    ["badjson", false, /^not JSON: /],
    ["badschema", false, "$.degrees should be number, is string"],
    ["strict-tools", false, "tool arguments: $.city is missing"],
    ["refused", undefined, undefined],
  ])("judges the output of %s", (name, valid, reason) => {
    expect(one(name)["telltale.output.valid"]).toBe(valid);
    const told = one(name)["telltale.output.invalid_reason"];
    if (reason instanceof RegExp) expect(told).toMatch(reason);
    else expect(told).toBe(reason);
  });

  it("crosses no context between users at work at once", () => {
    const { spans } = seen.scenario("concurrent");
    for (const user of users) {
      const turn = spans.find(({ name }) => name === `turn of ${user}`);
      const call = spans.find(({ parentSpanId }) => parentSpanId === turn?.spanId);
      expect(call?.attributes).toMatchObject({ "user.id": user, "session.id": `session of ${user}` });
      expect(call?.attributes["gen_ai.input.messages"]).toContain(`"${user}"`);
      expect(call?.attributes["gen_ai.output.messages"]).toContain(user);
    }
  });

  it("carries any text", () => {
    expect(output("unicode")).toMatchObject([{ parts: [{ content: "Grüße aus 東京 🗼 — naïve, 👨‍👩‍👧 \u0000" }] }]);
    expect(input("big")).toMatchObject([{ parts: [{ content: "Lorem ipsum — dolor. ".repeat(20_000) }] }]);
  });

  it("tells a background answer as one call, from the question to the answer, billed once", () => {
    const [call, ...looks] = seen.scenario("background").spans;
    expect(call?.attributes).toMatchObject({
      "gen_ai.response.id": "resp_bg_Hi",
      "gen_ai.response.status": "completed",
      "gen_ai.usage.input_tokens": 11,
      "telltale.background": true,
    });
    expect(input("background")).toEqual([{ role: "user", parts: [{ type: "text", content: "Hi" }] }]);
    expect(output("background")).toMatchObject([{ parts: [{ type: "reasoning" }, { content: "Hei verden" }] }]);
    for (const look of looks) expect(Object.keys(look.attributes).filter((name) => name.includes("usage"))).toEqual([]);
    expect(one("cancelled")).toMatchObject({ "gen_ai.response.status": "cancelled" });
    expect(one("forgotten")).toMatchObject({ "gen_ai.response.status": "queued" });
  });

  it("counts the calls of the provider's own tools", () => {
    expect(one("responses-tools")).toMatchObject({
      "telltale.usage.server_tool_calls.web_search": 2,
      "telltale.usage.server_tool_calls.file_search": 1,
      "telltale.usage.server_tool_calls.code_interpreter": 1,
      "telltale.usage.server_tool_calls.mcp": 1,
      "telltale.usage.server_tool_calls.image_generation": 1,
    });
    expect(one("responses-calls")["gen_ai.response.finish_reasons"]).toEqual(["tool_call"]);
  });

  it("sends no picture, no sound and no vector, and says what was left out", () => {
    const blob = (type: string, size: number): object => ({
      type: "blob",
      mime_type: type,
      content: "",
      left_out_bytes: size,
    });
    expect(input("vision")).toMatchObject([{ parts: [{ type: "text" }, blob("image/png", 900)] }]);
    for (const name of ["image", "image-stream", "image-edit"]) {
      expect(output(name)).toMatchObject([{ parts: [blob("image/png", 3000)] }]);
      expect(one(name)).toMatchObject({
        "gen_ai.usage.input_tokens": 50,
        "gen_ai.usage.image.input_tokens": 40,
        "gen_ai.usage.image.output_tokens": 4160,
      });
    }
    expect(input("image-edit")).toMatchObject([{ parts: [{ content: "A red boat" }, blob("image/png", 700)] }]);
    expect(output("speech")).toMatchObject([{ parts: [blob("audio/mpeg", 5000)] }]);
    expect(input("transcription")).toMatchObject([
      { parts: [{ filename: "morning.mp3", ...blob("audio/mpeg", 200_000) }] },
    ]);
    expect(output("transcription")).toMatchObject([{ parts: [{ content: "Guten Morgen" }] }]);
    expect(one("transcription")).toMatchObject({
      "gen_ai.usage.audio.input_tokens": 10,
      "gen_ai.request.model": "whisper",
    });
    const sent = JSON.stringify(seen.spans.map(({ attributes }) => attributes));
    for (const text of [PICTURE.slice(0, 60), "soundsound", "AAAAPwAAgD4AAIA"]) expect(sent).not.toContain(text);
  });

  it("knows the rest by name", () => {
    expect(one("moderation")).toMatchObject({
      "telltale.span.kind": "guardrail",
      "telltale.guardrail.flagged": true,
      "telltale.guardrail.categories": ["violence"],
    });
    expect(one("embeddings")).toMatchObject({ "gen_ai.embeddings.dimension.count": 3, "gen_ai.usage.input_tokens": 8 });
    expect(one("completions")).toMatchObject({ "gen_ai.usage.output_tokens": 3 });
    expect(output("completions")).toMatchObject([{ parts: [{ content: " upon a time" }], finish_reason: "length" }]);
    expect(one("azure")).toMatchObject({ "gen_ai.provider.name": "azure.ai.openai" });
  });
});
