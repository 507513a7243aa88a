import { OpenAI } from "openai";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { AttributeMap } from "../attribute-value.ts";
import { Telltale } from "../index.ts";
import { runtime } from "../runtime.ts";
import { type FakeOpenai, startFakeOpenai } from "../testing/fake-openai.ts";
import type { ReadSpan } from "../testing/read-spans.ts";
import { type SpanSink, startSpanSink } from "../testing/span-sink.ts";
import { HookSpan } from "./hook-span.ts";

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

const start = { hook: "test", name: "chat hooked", kind: "llm" } as const;

function ask(content = "Hello"): Promise<unknown> {
  return openai.chat.completions.create({ model: "gpt", messages: [{ role: "user", content }] });
}

/** What the hook knows by itself; told only when nobody else does. */
function describeIt(attributes: AttributeMap): void {
  attributes.set("gen_ai.request.model", "hooked");
  attributes.set("gen_ai.usage.input_tokens", 1);
}

async function spans(): Promise<readonly ReadSpan[]> {
  await Telltale.flush();
  return sink.spans.toSorted((first, second) => Number(first.start - second.start));
}

const told = (all: readonly ReadSpan[]) =>
  all.filter(({ attributes }) => attributes["gen_ai.usage.input_tokens"] !== undefined);

describe("a model call that a hook and a wire see", () => {
  it("is one span: the request, where the hook's span would be", async () => {
    await Telltale.withSpan("program", async () => {
      const call = new HookSpan(start);
      await call.run(() => ask());
      call.end(describeIt);
    });
    const [program, call, ...others] = await spans();
    expect(others).toEqual([]);
    expect(call).toMatchObject({ name: "chat gpt", kind: 3, parentSpanId: program?.spanId });
    expect(call?.attributes).toMatchObject({ "telltale.wire": "openai-chat", "gen_ai.usage.input_tokens": 20 });
  });

  it("is the hook's span where no wire saw it", async () => {
    const call = new HookSpan(start);
    call.end(describeIt);
    const [span, ...others] = await spans();
    expect(others).toEqual([]);
    expect(span).toMatchObject({ name: "chat hooked", kind: 3 });
    expect(span?.attributes).toMatchObject({ "gen_ai.request.model": "hooked", "gen_ai.usage.input_tokens": 1 });
  });

  it("has a span for each attempt, and usage from the one that was answered", async () => {
    await Telltale.withSpan("program", async () => {
      const call = new HookSpan(start);
      await call.run(async () => {
        await openai.chat.completions.create({ model: "limited", messages: [] }).catch(() => {});
        await ask();
      });
      call.end(describeIt);
    });
    const [program, ...attempts] = await spans();
    expect(attempts.map(({ name, statusCode }) => [name, statusCode])).toEqual([
      ["chat limited", 2],
      ["chat gpt", 0],
    ]);
    expect(new Set(attempts.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set([program?.spanId]));
    expect(told(attempts)).toHaveLength(1);
  });

  it("tells usage once when hooks tell it inside one another", async () => {
    await Telltale.withSpan("program", async () => {
      const outer = new HookSpan(start);
      const inner = outer.run(() => new HookSpan(start));
      await inner.run(() => ask());
      inner.end(describeIt);
      outer.end(describeIt);
      const unseen = new HookSpan(start);
      unseen.run(() => new HookSpan({ ...start, name: "chat inner" })).end(describeIt);
      unseen.end(describeIt);
    });
    expect((await spans()).map(({ name }) => name)).toEqual(["program", "chat gpt", "chat hooked"]);
  });

  it("waits for a stream that is read after the hook's own end", async () => {
    const call = new HookSpan(start);
    const stream = await call.run(() =>
      openai.chat.completions.create({ model: "gpt", messages: [{ role: "user", content: "x" }], stream: true }),
    );
    call.end(describeIt);
    let text = "";
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
    expect(text).not.toBe("");
    const [span, ...others] = await spans();
    expect(others).toEqual([]);
    expect(span).toMatchObject({ attributes: { "telltale.outcome": "complete", "telltale.wire": "openai-chat" } });
  });

  it("is not taken for a call of the program after its end", async () => {
    const call = new HookSpan(start);
    call.end(describeIt);
    await call.run(() => ask());
    const all = await spans();
    expect(all.map(({ name }) => name)).toEqual(["chat hooked", "chat gpt"]);
    expect(runtime.open.size).toBe(0);
  });
});
