import { AsyncLocalStorage } from "node:async_hooks";
import { Readable } from "node:stream";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Context, context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { OpenAI } from "openai";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { recordRetrieval, Telltale, withAgent, withRetrieval, withSpan, withTool } from "../index.ts";
import { type FakeOpenai, startFakeOpenai } from "../testing/fake-openai.ts";
import type { ReadSpan } from "../testing/read-spans.ts";
import { type SpanSink, startSpanSink } from "../testing/span-sink.ts";

let sink: SpanSink;
let model: FakeOpenai;

beforeAll(async () => {
  sink = await startSpanSink();
  model = await startFakeOpenai();
  Telltale.initialize({ appName: "tests", endpoint: sink.endpoint });
});
afterEach(() => sink.clear());
afterAll(async () => {
  await Telltale.shutdown();
  await sink.stop();
  await model.stop();
});

async function spans(): Promise<readonly ReadSpan[]> {
  await Telltale.flush();
  return sink.spans;
}

async function spanOf(name: string): Promise<ReadSpan> {
  const span = (await spans()).find((candidate) => candidate.name === name);
  if (span === undefined) throw new Error(`There is no span ${name}.`);
  return span;
}

describe("withSpan hands on what its function gives", () => {
  it("a value, a promise, an error, a rejection", async () => {
    expect(withSpan("value", () => 7)).toBe(7);
    expect(await withSpan("promise", async () => 8)).toBe(8);
    const error = new RangeError("too far");
    expect(() =>
      withSpan("throws", () => {
        throw error;
      }),
    ).toThrow(error);
    await expect(withSpan("rejects", () => Promise.reject(error))).rejects.toBe(error);
    expect((await spans()).map(({ name, statusCode }) => [name, statusCode])).toEqual([
      ["value", 0],
      ["promise", 0],
      ["throws", 2],
      ["rejects", 2],
    ]);
    expect((await spanOf("throws")).attributes["error.type"]).toBe("RangeError");
  });

  it("a promise that nobody handles is still nobody's", async () => {
    const unhandled: unknown[] = [];
    const listener = (error: unknown): void => void unhandled.push(error);
    const others = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection").on("unhandledRejection", listener);
    void withSpan("lost", () => Promise.reject(new Error("lost")));
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.removeListener("unhandledRejection", listener);
    for (const other of others) process.on("unhandledRejection", other);
    expect(unhandled).toHaveLength(1);
    expect(await spanOf("lost")).toMatchObject({ statusCode: 2 });
  });

  it("generators, step by step inside the span", async () => {
    function* count(): Generator<number, string, string> {
      const got = yield withSpan("step", () => 1);
      return got;
    }
    const steps = withSpan("generator", count);
    expect(steps.next()).toEqual({ done: false, value: 1 });
    expect((await spans()).map(({ name }) => name)).toEqual(["step"]);
    expect(steps.next("end")).toEqual({ done: true, value: "end" });
    const outer = await spanOf("generator");
    expect((await spanOf("step")).parentSpanId).toBe(outer.spanId);
  });

  it("async generators, also when they are left early or fail", async () => {
    async function* letters(): AsyncGenerator<string> {
      yield "a";
      yield await withSpan("inside", async () => "b");
      throw new Error("no c");
    }
    const all: string[] = [];
    for await (const letter of withSpan("left", letters)) {
      all.push(letter);
      break;
    }
    await expect(
      (async () => {
        for await (const letter of withSpan("failed", letters)) all.push(letter);
      })(),
    ).rejects.toThrow("no c");
    expect(all).toEqual(["a", "a", "b"]);
    expect(await spanOf("left")).toMatchObject({ statusCode: 0 });
    const failed = await spanOf("failed");
    expect(failed).toMatchObject({ statusCode: 2, statusMessage: "no c" });
    expect((await spanOf("inside")).parentSpanId).toBe(failed.spanId);
  });

  it("streams of the web and of Node, which end their span when they end", async () => {
    const web = withSpan("web", () => new Response("text of a stream").body);
    expect(await spans()).toHaveLength(0);
    for await (const _ of web ?? []);
    const node = withSpan("node", () => Readable.from(["a", "b"]));
    expect(await node.toArray()).toEqual(["a", "b"]);
    expect((await spans()).map(({ name }) => name)).toEqual(["web", "node"]);
  });

  it("a client's own promise, with its methods and its laziness", async () => {
    const openai = new OpenAI({ apiKey: "k", baseURL: model.baseUrl, maxRetries: 0 });
    const create = (name: string) => () => openai.chat.completions.create({ model: name, messages: [] });
    const { data, response } = await withSpan("with response", create("gpt")).withResponse();
    expect([data.id, response.status]).toEqual(["chatcmpl-1", 200]);
    const raw = await withSpan("raw", create("gpt")).asResponse();
    expect(await raw.json()).toMatchObject({ id: "chatcmpl-1" });
    expect((await withSpan("plain", create("gpt"))).id).toBe("chatcmpl-1");
    await expect(withSpan("caught", create("broken")).catch(() => "caught")).resolves.toBe("caught");
    const outer = (await spans()).filter(({ kind }) => kind === 1);
    expect(outer.map(({ name, statusCode }) => [name, statusCode])).toEqual([
      ["with response", 0],
      ["raw", 0],
      ["plain", 0],
      ["caught", 2],
    ]);
  });

  it("a stream of the client, whose span lasts as long as the stream", async () => {
    const openai = new OpenAI({ apiKey: "k", baseURL: model.baseUrl });
    const stream = await withSpan("streaming", async () =>
      openai.chat.completions.create({ model: "gpt", messages: [], stream: true }),
    );
    expect((await spans()).map(({ name }) => name)).not.toContain("streaming");
    for await (const _ of stream);
    const [call, outer] = await spans();
    expect([call?.name, outer?.name]).toEqual(["chat gpt", "streaming"]);
    expect(outer?.end).toBeGreaterThanOrEqual(call?.end ?? 0n);
  });
});

describe("a span", () => {
  it("has the names that the conventions give to agents, tools and retrievals", async () => {
    await withAgent("planner", { id: "a-1", input: "plan it", sessionId: "s", userId: "u" }, async () => {
      withTool("add", { callId: "c-1", input: { a: 1, b: 2 } }, () => ({ sum: 3 }));
      await withRetrieval("manual", { query: "how", topK: 2 }, async () => [
        { id: 1, score: 0.5, text: "so", vector: [1, 2] },
        { id: "b", pageContent: "thus", metadata: { page: 3 } },
      ]);
      return "planned";
    });
    const agent = await spanOf("invoke_agent planner");
    expect(agent.attributes).toEqual({
      "telltale.span.kind": "agent",
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": "planner",
      "gen_ai.agent.id": "a-1",
      "gen_ai.input.messages": '[{"role":"user","parts":[{"type":"text","content":"plan it"}]}]',
      "gen_ai.output.messages": '[{"role":"assistant","parts":[{"type":"text","content":"planned"}]}]',
      "session.id": "s",
      "gen_ai.conversation.id": "s",
      "user.id": "u",
    });
    expect(await spanOf("execute_tool add")).toMatchObject({
      parentSpanId: agent.spanId,
      attributes: {
        "gen_ai.tool.name": "add",
        "gen_ai.tool.call.id": "c-1",
        "gen_ai.tool.call.arguments": '{"a":1,"b":2}',
        "gen_ai.tool.call.result": '{"sum":3}',
        "gen_ai.agent.name": "planner",
        "session.id": "s",
        "user.id": "u",
      },
    });
    const { attributes } = await spanOf("retrieval manual");
    expect(attributes).toMatchObject({
      "gen_ai.data_source.id": "manual",
      "gen_ai.retrieval.query.text": "how",
      "gen_ai.retrieval.top_k": 2,
    });
    expect(JSON.parse(String(attributes["gen_ai.retrieval.documents"]))).toEqual([
      { id: 1, score: 0.5, content: "so" },
      { id: "b", content: "thus", metadata: { page: 3 } },
    ]);
  });

  it("of a retrieval may be filled by hand, or made by the documents", async () => {
    withRetrieval("shelf", () => recordRetrieval([{ id: "1" }], { query: "by hand" }));
    withSpan("task", () => recordRetrieval([{ id: "2", content: "two" }], { source: "box" }));
    expect((await spanOf("retrieval shelf")).attributes).toMatchObject({
      "gen_ai.retrieval.documents": '[{"id":"1"}]',
      "gen_ai.retrieval.query.text": "by hand",
    });
    const task = await spanOf("task");
    expect(await spanOf("retrieval box")).toMatchObject({ parentSpanId: task.spanId });
  });

  it("takes any input and output and is never hurt by them", async () => {
    const circle: Record<string, unknown> = { big: 10n ** 30n, bytes: new Uint8Array(3), when: new Date(0) };
    circle["self"] = circle;
    Object.defineProperty(circle, "trap", { enumerable: true, get: () => JSON.parse("{") as unknown });
    withSpan("odd", { kind: "task", input: circle }, () => Array.from({ length: 1536 }, (_, index) => index / 7));
    const { attributes } = await spanOf("odd");
    expect(JSON.parse(String(attributes["telltale.input"]))).toEqual({
      big: "1000000000000000000000000000000",
      bytes: "[3 bytes]",
      when: "1970-01-01T00:00:00.000Z",
      self: "[circular]",
      trap: "[a property that throws]",
    });
    expect(attributes["telltale.output"]).toBe('"[1536 numbers]"');
  });

  it("belongs to the span that another OpenTelemetry set-up has active", async () => {
    const storage = new AsyncLocalStorage<Context>();
    context.setGlobalContextManager({
      active: () => storage.getStore() ?? ROOT_CONTEXT,
      with: (active, work, self, ...values) => storage.run(active, () => work.apply(self, values)),
      bind: (_, target) => target,
      enable: () => context["_getContextManager"](),
      disable: () => context["_getContextManager"](),
    });
    const foreign = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };
    context.with(trace.setSpanContext(ROOT_CONTEXT, foreign), () =>
      withSpan("below", () => withSpan("deeper", () => {})),
    );
    withSpan("beside", () => {});
    context.disable();
    const below = await spanOf("below");
    expect(below).toMatchObject({ traceId: foreign.traceId, parentSpanId: foreign.spanId });
    expect(below.attributes["telltale.span.kind"]).toBe("span");
    expect(await spanOf("deeper")).toMatchObject({ traceId: foreign.traceId, parentSpanId: below.spanId });
    expect(await spanOf("beside")).toMatchObject({ parentSpanId: "" });
  });

  it("follows timers, promises and parallel work", async () => {
    await withSpan("root", async () => {
      await Promise.all(
        [1, 2, 3].map((number) =>
          withSpan(`branch ${number}`, async () => {
            await new Promise((resolve) => setTimeout(resolve, 10 - number));
            await new Promise<void>((resolve) => {
              setImmediate(() => withSpan(`leaf ${number}`, () => resolve()));
            });
          }),
        ),
      );
    });
    const root = await spanOf("root");
    for (const number of [1, 2, 3]) {
      const branch = await spanOf(`branch ${number}`);
      expect(branch.parentSpanId).toBe(root.spanId);
      expect((await spanOf(`leaf ${number}`)).parentSpanId).toBe(branch.spanId);
    }
  });

  it("keeps users of neighbouring requests apart without a span around them", async () => {
    const serve = async (user: string): Promise<void> => {
      Telltale.setUser(user);
      await new Promise((resolve) => setTimeout(resolve, 5));
      withSpan(`for ${user}`, () => {});
    };
    // Each begins from the event loop, as a request does.
    const arrivals = ["x", "y"].map(async (user) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      await serve(user);
    });
    await Promise.all(arrivals);
    expect((await spanOf("for x")).attributes["user.id"]).toBe("x");
    expect((await spanOf("for y")).attributes["user.id"]).toBe("y");
  });

  it("is told when the generator that would end it is thrown away", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    (() => void withSpan("thrown away", async function* () {}))();
    await expect
      .poll(
        async () => {
          collect();
          return (await spans()).length;
        },
        { timeout: 5000 },
      )
      .toBe(1);
  });
});

describe("without content", () => {
  it("keeps numbers and names, and no words", async () => {
    await Telltale.shutdown();
    Telltale.initialize({ appName: "tests", endpoint: sink.endpoint, captureContent: false });
    const openai = new OpenAI({ apiKey: "k", baseURL: model.baseUrl });
    await withSpan("quiet", { input: "secret words" }, async () => {
      await openai.chat.completions.create({ model: "echo", messages: [{ role: "user", content: "secret words" }] });
      withTool("t", { input: "secret words" }, () => "secret words");
      return "secret words";
    });
    const all = await spans();
    expect(all).toHaveLength(3);
    expect(JSON.stringify(all.map(({ attributes, events }) => [attributes, events]))).not.toContain("secret");
    expect((await spanOf("chat echo")).attributes["gen_ai.usage.input_tokens"]).toBe(20);
  });
});
