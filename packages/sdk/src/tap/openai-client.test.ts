import { OpenAI } from "openai";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Telltale } from "../index.ts";
import { type FakeOpenai, startFakeOpenai } from "../testing/fake-openai.ts";
import type { ReadSpan } from "../testing/read-spans.ts";
import { type SpanSink, startSpanSink } from "../testing/span-sink.ts";

let model: FakeOpenai;
let sink: SpanSink;
let openai: OpenAI;

beforeAll(async () => {
  model = await startFakeOpenai();
  sink = await startSpanSink();
  Telltale.initialize({ appName: "tests", endpoint: sink.endpoint });
  openai = new OpenAI({ apiKey: "sk-secret", baseURL: model.baseUrl, maxRetries: 0 });
});
afterEach(() => sink.clear());
afterAll(async () => {
  await Telltale.shutdown();
  await sink.stop();
  await model.stop();
});

const messages = [{ role: "user" as const, content: "Hello" }];
const GREETING = "Grüße aus 東京 🗼";

async function spans(): Promise<readonly ReadSpan[]> {
  await Telltale.flush();
  return sink.spans;
}

async function onlySpan(): Promise<ReadSpan> {
  const all = await spans();
  expect(all).toHaveLength(1);
  const [span] = all;
  if (span === undefined) throw new Error("There is no span.");
  return span;
}

function outputOf(span: ReadSpan): unknown {
  return JSON.parse(String(span.attributes["gen_ai.output.messages"]));
}

describe("a chat call of the openai client", () => {
  it("is a span with everything the conventions name", async () => {
    await openai.chat.completions.create({
      model: "gpt",
      messages: [{ role: "system", content: "Be brief." }, ...messages],
      temperature: 1,
      max_completion_tokens: 50,
      stop: "END",
    });
    const span = await onlySpan();
    expect(span).toMatchObject({ name: "chat gpt", kind: 3, statusCode: 0, parentSpanId: "", scope: "@telltale/sdk" });
    expect(span.resource["service.name"]).toBe("tests");
    expect(span.end > span.start).toBe(true);
    expect(span.attributes).toEqual({
      "telltale.span.kind": "llm",
      "telltale.wire": "openai-chat",
      "telltale.outcome": "complete",
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "server.address": "127.0.0.1",
      "server.port": Number(new URL(model.baseUrl).port),
      "http.response.status_code": 200,
      "openai.api.type": "chat_completions",
      "openai.response.service_tier": "default",
      "gen_ai.request.model": "gpt",
      "gen_ai.request.temperature": { double: 1 },
      "gen_ai.request.max_tokens": 50,
      "gen_ai.request.stop_sequences": ["END"],
      "gen_ai.response.id": "chatcmpl-1",
      "gen_ai.response.model": "gpt-2026",
      "gen_ai.response.finish_reasons": ["stop"],
      "gen_ai.usage.input_tokens": 20,
      "gen_ai.usage.output_tokens": 7,
      "gen_ai.usage.cache_read.input_tokens": 16,
      "gen_ai.usage.reasoning.output_tokens": 3,
      "gen_ai.input.messages": JSON.stringify([
        { role: "system", parts: [{ type: "text", content: "Be brief." }] },
        { role: "user", parts: [{ type: "text", content: "Hello" }] },
      ]),
      "gen_ai.output.messages": JSON.stringify([
        { role: "assistant", parts: [{ type: "text", content: GREETING }], finish_reason: "stop" },
      ]),
    });
    expect(JSON.stringify([span.attributes, span.resource])).not.toContain("sk-secret");
  });

  it("tells parallel tool calls, definitions and results", async () => {
    await openai.chat.completions.create({
      model: "tools",
      messages: [
        ...messages,
        { role: "assistant", tool_calls: [{ id: "c0", type: "function", function: { name: "f", arguments: "{" } }] },
        { role: "tool", tool_call_id: "c0", content: "42" },
      ],
      tools: [{ type: "function", function: { name: "weather", parameters: { type: "object" } } }],
    });
    const span = await onlySpan();
    expect(outputOf(span)).toEqual([
      {
        role: "assistant",
        parts: [
          { type: "tool_call", id: "call_1", name: "weather", arguments: { city: "Oslo" } },
          { type: "tool_call", id: "call_2", name: "weather", arguments: { city: "Rome" } },
        ],
        finish_reason: "tool_call",
      },
    ]);
    expect(JSON.parse(String(span.attributes["gen_ai.tool.definitions"]))).toEqual([
      { type: "function", name: "weather", parameters: { type: "object" } },
    ]);
    expect(JSON.parse(String(span.attributes["gen_ai.input.messages"]))).toMatchObject([
      {},
      { role: "assistant", parts: [{ type: "tool_call", id: "c0", name: "f", arguments: "{" }] },
      { role: "tool", parts: [{ type: "tool_call_response", id: "c0", response: "42" }] },
    ]);
  });

  it.each([
    ["json", true, undefined],
    ["bad-json", false, /^not JSON: /],
    ["bad-schema", false, /^\$\.degrees should be number, is string$/],
  ])("judges structured output of %s", async (name, valid, reason) => {
    const properties = { city: { type: "string" }, degrees: { type: "number" } };
    const schema = { type: "object", properties, required: ["city", "degrees"], additionalProperties: false };
    await openai.chat.completions.create({
      model: name,
      messages,
      response_format: { type: "json_schema", json_schema: { name: "w", strict: true, schema } },
    });
    const { attributes, statusCode } = await onlySpan();
    expect(statusCode).toBe(0);
    expect(attributes["telltale.output.valid"]).toBe(valid);
    expect(attributes["gen_ai.output.type"]).toBe("json");
    if (reason !== undefined) expect(attributes["telltale.output.invalid_reason"]).toMatch(reason);
  });

  it("keeps concurrent users apart", async () => {
    const users = Array.from({ length: 20 }, (_, index) => `user-${index}`);
    await Promise.all(
      users.map((user) =>
        Telltale.withSpan(`turn of ${user}`, async () => {
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
          Telltale.setUser(user);
          Telltale.setSession(`s-${user}`);
          await openai.chat.completions.create({ model: "echo", messages: [{ role: "user", content: user }] });
        }),
      ),
    );
    const all = await spans();
    expect(all).toHaveLength(40);
    for (const span of all.filter(({ kind }) => kind === 3)) {
      const parent = all.find(({ spanId }) => spanId === span.parentSpanId);
      const user = String(span.attributes["user.id"]);
      expect(parent?.name).toBe(`turn of ${user}`);
      expect(parent?.traceId).toBe(span.traceId);
      expect(span.attributes["session.id"]).toBe(`s-${user}`);
      expect(span.attributes["gen_ai.conversation.id"]).toBe(`s-${user}`);
      expect(span.attributes["gen_ai.output.messages"]).toContain(`"${user}"`);
    }
  });

  it("carries a prompt of 50 kB and one with lone surrogates", async () => {
    const long = "Lorem ipsum — dolor sit amet. ".repeat(1700);
    await openai.chat.completions.create({ model: "gpt", messages: [{ role: "user", content: long }] });
    await openai.chat.completions.create({ model: "echo", messages: [{ role: "user", content: "a\ud800b" }] });
    const [first, second] = await spans();
    expect(JSON.parse(String(first?.attributes["gen_ai.input.messages"]))).toEqual([
      { role: "user", parts: [{ type: "text", content: long }] },
    ]);
    expect(second?.attributes["gen_ai.input.messages"]).toContain("a");
  });

  it("leaves pictures out and says how large they were", async () => {
    const url = `data:image/png;base64,${"A".repeat(4000)}`;
    await openai.chat.completions.create({
      model: "gpt",
      messages: [{ role: "user", content: [{ type: "image_url", image_url: { url } }] }],
    });
    const { attributes } = await onlySpan();
    expect(JSON.parse(String(attributes["gen_ai.input.messages"]))).toEqual([
      {
        role: "user",
        parts: [{ type: "blob", mime_type: "image/png", modality: "image", content: "", left_out_bytes: 3000 }],
      },
    ]);
  });
});

describe("a call that fails", () => {
  it.each([
    ["limited", 429, "rate_limit_exceeded"],
    ["broken", 500, "server_error"],
  ])("%s is a failed span", async (name, status, type) => {
    await expect(openai.chat.completions.create({ model: name, messages })).rejects.toMatchObject({ status });
    const span = await onlySpan();
    expect(span).toMatchObject({ statusCode: 2, statusMessage: `refused: ${type}` });
    expect(span.attributes).toMatchObject({ "error.type": type, "http.response.status_code": status });
    expect(span.attributes["gen_ai.input.messages"]).toContain("Hello");
    expect(span.attributes).not.toHaveProperty("gen_ai.usage.input_tokens");
  });

  it("is told once for each attempt", async () => {
    const { length } = model.requests;
    await openai.chat.completions.create({ model: "broken-once", messages }, { maxRetries: length % 2 === 0 ? 1 : 2 });
    const all = await spans();
    expect(all.length).toBe(model.requests.length - length);
    expect(all.at(-1)).toMatchObject({ statusCode: 0 });
    expect(all.at(-1)?.attributes["http.request.resend_count"] ?? 0).toBe(all.length - 1);
  });

  it("times out as the client says", async () => {
    await expect(openai.chat.completions.create({ model: "never", messages }, { timeout: 30 })).rejects.toThrow(
      "timed out",
    );
    expect(await onlySpan()).toMatchObject({ statusCode: 2, attributes: { "telltale.outcome": "timeout" } });
  });

  it("is aborted by the program", async () => {
    const call = openai.chat.completions.create({ model: "never", messages }, { signal: AbortSignal.timeout(20) });
    await expect(call).rejects.toThrow("aborted");
    const span = await onlySpan();
    expect(span).toMatchObject({ statusCode: 2 });
    expect(span.attributes["gen_ai.request.model"]).toBe("never");
  });

  it("finds nobody at the address", async () => {
    const nobody = new OpenAI({ apiKey: "k", baseURL: "http://127.0.0.1:9/v1", maxRetries: 0 });
    await expect(nobody.chat.completions.create({ model: "gpt", messages })).rejects.toThrow("Connection error");
    expect(await onlySpan()).toMatchObject({ statusCode: 2, attributes: { "telltale.outcome": "failed" } });
  });

  it("is marked on the spans above it too, with one stack", async () => {
    const outer = Telltale.withSpan("outer", () =>
      Telltale.withSpan("inner", () => openai.chat.completions.create({ model: "broken", messages })),
    );
    await expect(outer).rejects.toMatchObject({ status: 500 });
    const all = await spans();
    expect(all.map(({ statusCode }) => statusCode)).toEqual([2, 2, 2]);
    expect(all.find(({ name }) => name === "inner")?.events).toHaveLength(1);
    expect(all.find(({ name }) => name === "outer")?.events).toHaveLength(0);
  });
});

describe("a streamed call", () => {
  async function read(name: string, more: object = {}): Promise<string> {
    const stream = await openai.chat.completions.create({ model: name, messages, stream: true, ...more });
    let text = "";
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
    return text;
  }

  it("has its text and the time of its first word, and no usage that nobody told", async () => {
    expect(await read("gpt")).toBe(GREETING);
    const span = await onlySpan();
    expect(span.attributes).toMatchObject({
      "gen_ai.request.stream": true,
      "gen_ai.response.finish_reasons": ["stop"],
      "telltale.outcome": "complete",
    });
    const first = span.attributes["gen_ai.response.time_to_first_chunk"] as { double: number };
    expect(first.double).toBeGreaterThan(0);
    expect(first.double).toBeLessThan(Number(span.end - span.start) / 1e9);
    expect(outputOf(span)).toMatchObject([{ parts: [{ type: "text", content: GREETING }] }]);
    expect(span.attributes).not.toHaveProperty("gen_ai.usage.input_tokens");
  });

  it("has the usage that it asked for", async () => {
    await read("gpt", { stream_options: { include_usage: true } });
    expect((await onlySpan()).attributes).toMatchObject({
      "gen_ai.usage.input_tokens": 20,
      "gen_ai.usage.output_tokens": 7,
    });
  });

  it("puts tool calls together", async () => {
    await read("tools");
    expect(outputOf(await onlySpan())).toMatchObject([
      {
        parts: [
          { id: "call_1", arguments: { city: "Oslo" } },
          { id: "call_2", arguments: { city: "Rome" } },
        ],
      },
    ]);
  });

  it("is abandoned half way without being an error", async () => {
    const stream = await openai.chat.completions.create({ model: "endless", messages, stream: true });
    let count = 0;
    for await (const _ of stream) if (++count === 4) break;
    const span = await onlySpan();
    expect(span).toMatchObject({ statusCode: 0, attributes: { "telltale.outcome": "abandoned" } });
    expect(outputOf(span)).toMatchObject([{ parts: [{ content: expect.stringContaining("Grüße aus") as string }] }]);
  });

  it("is aborted through its controller", async () => {
    const stream = await openai.chat.completions.create({ model: "endless", messages, stream: true });
    setTimeout(() => stream.controller.abort(), 20);
    for await (const _ of stream) {
      // Until the abort.
    }
    expect(await onlySpan()).toMatchObject({ statusCode: 2, attributes: { "telltale.outcome": "aborted" } });
  });

  it("is cut by the server, and the program is told as without us", async () => {
    await expect(read("cut")).rejects.toThrow("terminated");
    const span = await onlySpan();
    expect(span).toMatchObject({ statusCode: 2, attributes: { "telltale.outcome": "cut" } });
    expect(outputOf(span)).toMatchObject([{ parts: [{ content: "Grüße aus " }] }]);
  });

  it("ends in the middle although its bytes end well", async () => {
    await read("stopped");
    const span = await onlySpan();
    expect(span).toMatchObject({
      statusCode: 2,
      attributes: { "telltale.outcome": "cut", "error.type": "stream_cut" },
    });
  });

  it("works through the client's helpers", async () => {
    const stream = openai.chat.completions.stream({ model: "gpt", messages });
    expect(await stream.finalContent()).toBe(GREETING);
    expect((await onlySpan()).attributes["telltale.outcome"]).toBe("complete");
  });
});

describe("other calls", () => {
  it("embeds without sending vectors", async () => {
    const { data } = await openai.embeddings.create({ model: "embedder", input: ["one", "two"] });
    expect(data[0]?.embedding).toEqual([0.5, 0.25, 1]);
    const span = await onlySpan();
    expect(span.name).toBe("embeddings embedder");
    expect(span.attributes).toMatchObject({
      "telltale.span.kind": "embedding",
      "gen_ai.operation.name": "embeddings",
      "gen_ai.embeddings.dimension.count": 3,
      "gen_ai.usage.input_tokens": 4,
      "gen_ai.input.messages": expect.stringContaining("two") as string,
    });
    expect(JSON.stringify(span.attributes)).not.toContain("AAAAPwAAgD4AAIA");
  });

  it.each([false, true])("responds (streamed: %s)", async (stream) => {
    const answer = await openai.responses.create({ model: "o9", input: "Hi", instructions: "In Norwegian.", stream });
    if (Symbol.asyncIterator in answer) for await (const _ of answer);
    const span = await onlySpan();
    expect(span.name).toBe("chat o9");
    expect(span.attributes).toMatchObject({
      "openai.api.type": "responses",
      "gen_ai.system_instructions": '[{"type":"text","content":"In Norwegian."}]',
      "gen_ai.response.id": "resp_1",
      "gen_ai.response.finish_reasons": ["stop"],
      "gen_ai.usage.input_tokens": 11,
      "gen_ai.usage.reasoning.output_tokens": 4,
      "telltale.outcome": "complete",
    });
    expect(outputOf(span)).toEqual([
      {
        role: "assistant",
        parts: [
          { type: "reasoning", content: "A greeting." },
          { type: "text", content: "Hei verden" },
        ],
        finish_reason: "stop",
      },
    ]);
  });

  it("responds with a stream that is cut", async () => {
    const answer = await openai.responses.create({ model: "cut", input: "Hi", stream: true });
    await expect(
      (async () => {
        for await (const _ of answer);
      })(),
    ).rejects.toThrow("terminated");
    const span = await onlySpan();
    expect(span).toMatchObject({ statusCode: 2, attributes: { "telltale.outcome": "cut" } });
    expect(outputOf(span)).toMatchObject([{ parts: [{ content: "Hei " }] }]);
  });

  it("does not watch what is no model call", async () => {
    await fetch(`${model.baseUrl}/other`, { method: "POST", body: "{}" });
    await fetch(`${model.baseUrl}/embeddings`, { method: "POST", body: '{"texts":[]}' });
    expect(await spans()).toHaveLength(0);
  });
});
