import { type IncomingMessage, request as httpRequest } from "node:http";
import { OpenAI } from "openai";
import { OpenAI as OpenAI4 } from "openai-4";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Telltale } from "../index.ts";
import { type FakeOpenai, startFakeOpenai } from "../testing/fake-openai.ts";
import { type SpanSink, startSpanSink } from "../testing/span-sink.ts";

let model: FakeOpenai;
let sink: SpanSink;
let early: OpenAI;

beforeAll(async () => {
  model = await startFakeOpenai();
  sink = await startSpanSink();
  // This client keeps the fetch that is there before anybody watches it.
  early = new OpenAI({ apiKey: "k", baseURL: model.baseUrl, maxRetries: 0 });
  Telltale.initialize({ appName: "tests", endpoint: sink.endpoint });
});
afterEach(() => sink.clear());
afterAll(async () => {
  await Telltale.shutdown();
  await sink.stop();
  await model.stop();
});

const messages = [{ role: "user" as const, content: "Hello" }];
const GREETING = "Grüße aus 東京 🗼";

describe("a client made before initialize", () => {
  it("is watched, with content, below the active span", async () => {
    await Telltale.withSpan("outer", () => early.chat.completions.create({ model: "gpt", messages }));
    await Telltale.flush();
    expect(sink.spans).toHaveLength(2);
    const [call, outer] = sink.spans;
    expect(call).toMatchObject({ name: "chat gpt", parentSpanId: outer?.spanId });
    expect(call?.attributes["gen_ai.input.messages"]).toContain("Hello");
    expect(call?.attributes["gen_ai.output.messages"]).toContain(GREETING);
  });

  it("is watched when answers are compressed or streamed", async () => {
    await early.chat.completions.create({ model: "zipped", messages });
    const stream = await early.chat.completions.create({ model: "gpt", messages, stream: true });
    for await (const _ of stream);
    await Telltale.flush();
    expect(sink.spans).toHaveLength(2);
    for (const { attributes } of sink.spans) expect(attributes["gen_ai.output.messages"]).toContain(GREETING);
    expect(sink.spans[1]?.attributes["telltale.outcome"]).toBe("complete");
  });

  it("is watched when it fails, is cut or is aborted", async () => {
    await expect(early.chat.completions.create({ model: "broken", messages })).rejects.toThrow("500");
    await expect(early.chat.completions.create({ model: "drop", messages })).rejects.toThrow("Connection");
    await expect(early.chat.completions.create({ model: "never", messages }, { timeout: 20 })).rejects.toThrow("timed");
    const stream = await early.chat.completions.create({ model: "cut", messages, stream: true });
    await expect(
      (async () => {
        for await (const _ of stream);
      })(),
    ).rejects.toThrow("terminated");
    await Telltale.flush();
    expect(sink.spans.map(({ statusCode }) => statusCode)).toEqual([2, 2, 2, 2]);
    expect(sink.spans.map(({ attributes }) => attributes["telltale.outcome"])).toEqual([
      "complete",
      "failed",
      "aborted",
      "cut",
    ]);
  });

  it("is told once when another client uses the watched fetch", async () => {
    const late = new OpenAI({ apiKey: "k", baseURL: model.baseUrl });
    await Promise.all([
      early.chat.completions.create({ model: "gpt", messages }),
      late.chat.completions.create({ model: "gpt", messages }),
    ]);
    await Telltale.flush();
    expect(sink.spans).toHaveLength(2);
  });
});

function postByHttp(name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${model.baseUrl}/chat/completions?v=1`, { method: "POST" }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (piece: string) => (text += piece));
      response.on("end", () => resolve(text));
      response.on("error", reject);
    });
    request.on("error", reject);
    const body = JSON.stringify({ model: name, messages });
    request.write(body.slice(0, 10));
    request.end(body.slice(10));
  });
}

describe("a request by node:http", () => {
  it("is watched", async () => {
    const text = await Telltale.withSpan("outer", () => postByHttp("gpt"));
    expect(text).toContain(GREETING);
    await Telltale.flush();
    expect(sink.spans).toHaveLength(2);
    const [call, outer] = sink.spans;
    expect(call?.parentSpanId).toBe(outer?.spanId);
    expect(call?.attributes).toMatchObject({
      "gen_ai.request.model": "gpt",
      "gen_ai.usage.input_tokens": 20,
      "gen_ai.output.messages": expect.stringContaining(GREETING) as string,
    });
  });

  it("keeps its answer for a program that reads it later", async () => {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = httpRequest(`${model.baseUrl}/chat/completions`, { method: "POST" }, resolve);
      request.on("error", reject);
      request.end(JSON.stringify({ model: "gpt", messages }));
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const pieces: Buffer[] = [];
    for await (const piece of response) pieces.push(piece as Buffer);
    expect(Buffer.concat(pieces).toString()).toContain(GREETING);
    await Telltale.flush();
    expect(sink.spans).toMatchObject([{ attributes: { "telltale.outcome": "complete" } }]);
  });

  it("that fails is told, and the program's error stays its own", async () => {
    await expect(postByHttp("drop")).rejects.toThrow("socket hang up");
    await Telltale.flush();
    expect(sink.spans).toMatchObject([{ statusCode: 2, attributes: { "telltale.outcome": "failed" } }]);
  });
});

describe("the openai client of version 4, which speaks by node-fetch", () => {
  it("is watched: whole, streamed, failed and abandoned", async () => {
    const old = new OpenAI4({ apiKey: "k", baseURL: model.baseUrl, maxRetries: 0 });
    const { choices } = await old.chat.completions.create({ model: "zipped", messages });
    expect(choices[0]?.message.content).toBe(GREETING);
    let text = "";
    const stream = await old.chat.completions.create({ model: "gpt", messages, stream: true });
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
    expect(text).toBe(GREETING);
    await expect(old.chat.completions.create({ model: "limited", messages })).rejects.toThrow("429");
    const endless = await old.chat.completions.create({ model: "endless", messages, stream: true });
    let count = 0;
    for await (const _ of endless) if (++count === 4) break;
    await Telltale.flush();
    expect(sink.spans.map(({ statusCode }) => statusCode)).toEqual([0, 0, 2, expect.any(Number)]);
    expect(sink.spans.map(({ attributes }) => attributes["telltale.outcome"])).toEqual([
      "complete",
      "complete",
      "complete",
      expect.stringMatching(/abandoned|aborted/) as string,
    ]);
    for (const { attributes } of sink.spans.slice(0, 2)) {
      expect(attributes["gen_ai.output.messages"]).toContain(GREETING);
      expect(attributes["gen_ai.input.messages"]).toContain("Hello");
    }
  });
});
