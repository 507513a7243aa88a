import { runInThisContext } from "node:vm";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { Telltale } from "../index.ts";
import type { ReadSpan } from "../testing/read-spans.ts";
import { type SpanSink, startSpanSink } from "../testing/span-sink.ts";
import * as traceloop from "../traceloop.ts";

let sink: SpanSink;

beforeAll(async () => {
  sink = await startSpanSink();
});
afterEach(async () => {
  await Telltale.shutdown();
  sink.clear();
  vi.unstubAllEnvs();
});
afterAll(() => sink.stop());

async function spanOf(name: string): Promise<ReadSpan> {
  await traceloop.forceFlush();
  const span = sink.spans.find((candidate) => candidate.name === name);
  if (span === undefined) throw new Error(`There is no span ${name}.`);
  return span;
}

/** As OpenLLMetry's own sample programs are written; only the import would differ. */
const PROGRAM = `
traceloop.initialize({ appName: "joke", apiKey: "key", baseUrl, disableBatch: true, silenceInitializationMessage: true });

class Jokes {
  constructor(user) { this.user = user; }
  @traceloop.task({ name: "joke_creation" })
  async create(subject) { return "a joke on " + subject; }
  @traceloop.tool({ version: 2 })
  async look(query) { return [query.word, this.user]; }
  @traceloop.workflow((thisArg) => ({
    name: "joke_generator",
    associationProperties: { [traceloop.AssociationProperty.USER_ID]: thisArg.user, plan: "pro" },
  }))
  async run() {
    const joke = await this.create("rats");
    await this.look({ word: "rat" });
    traceloop.reportCustomMetric("laughs", 3);
    return joke;
  }
  @traceloop.conversation((thisArg, id) => id)
  async talk(id) { return id; }
}
globalThis.runJokes = async () => {
  const jokes = new Jokes("u-1");
  const results = [await jokes.run(), await jokes.talk("c-1")];
  results.push(await traceloop.withAssociationProperties({ session_id: "s-1" }, () =>
    traceloop.withAgent({ name: "planner" }, async (first, second) => first + second, 1, 2)));
  await traceloop.withLLMCall({ vendor: "OpenAI", type: "chat" }, async ({ span }) => {
    span.reportRequest({ model: "gpt-4o", messages: [{ role: "user", content: "hi" }] });
    span.reportResponse({
      model: "gpt-4o-2024-08-06",
      usage: { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 },
      completions: [{ finish_reason: "stop", message: { role: "assistant", content: "ho" } }],
    });
  });
  await traceloop.withVectorDBCall({ vendor: "pinecone", type: "query" }, async ({ span }) => {
    span.reportQuery({ queryVector: [1, 2, 3] });
    span.reportResults({ results: [{ ids: "d", scores: 0.5, documents: "text", vectors: [1, 2, 3] }] });
  });
  return results;
};`;

describe("a program written for OpenLLMetry", () => {
  it.each([
    ["TypeScript's experimental decorators", { experimentalDecorators: true }],
    ["standard decorators", {}],
  ])("runs with one changed import, with %s", async (_, compilerOptions) => {
    const { outputFiles } = await build({
      stdin: { contents: `globalThis.startJokes = (traceloop, baseUrl) => {${PROGRAM}};`, loader: "ts" },
      tsconfigRaw: { compilerOptions },
      target: "es2022",
      write: false,
    });
    runInThisContext(outputFiles[0]?.text ?? "");
    (Reflect.get(globalThis, "startJokes") as (sdk: typeof traceloop, url: string) => void)(traceloop, sink.endpoint);
    const run = Reflect.get(globalThis, "runJokes") as () => Promise<unknown>;
    expect(await run()).toEqual(["a joke on rats", "c-1", 3]);
    const workflow = await spanOf("invoke_workflow joke_generator");
    expect(workflow.attributes).toMatchObject({
      "user.id": "u-1",
      "telltale.metadata.plan": "pro",
      "telltale.metric.laughs": 3,
    });
    expect(await spanOf("joke_creation")).toMatchObject({
      parentSpanId: workflow.spanId,
      attributes: { "telltale.span.kind": "task", "telltale.input": "rats", "user.id": "u-1" },
    });
    expect((await spanOf("execute_tool look")).attributes).toMatchObject({
      "gen_ai.tool.call.arguments": '{"word":"rat"}',
      "gen_ai.tool.call.result": '["rat","u-1"]',
      "telltale.version": 2,
    });
    expect((await spanOf("invoke_workflow conversation.c-1")).attributes).toMatchObject({ "session.id": "c-1" });
    expect((await spanOf("invoke_agent planner")).attributes).toMatchObject({
      "session.id": "s-1",
      "telltale.input": "[1,2]",
    });
    expect((await spanOf("OpenAI.chat")).attributes).toMatchObject({
      "telltale.span.kind": "llm",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-4o",
      "gen_ai.response.model": "gpt-4o-2024-08-06",
      "gen_ai.usage.input_tokens": 5,
      "gen_ai.usage.output_tokens": 7,
      "gen_ai.response.finish_reasons": ["stop"],
      "gen_ai.input.messages": '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]',
    });
    expect((await spanOf("retrieval pinecone")).attributes).toMatchObject({
      "gen_ai.retrieval.documents": '[{"id":"d","score":0.5,"content":"text"}]',
      "gen_ai.embeddings.dimension.count": 3,
    });
    expect(sink.requests[0]?.headers["authorization"]).toBe("Bearer key");
  });

  it("gets a rejection for a failure and a promise for everything, and its failed spans are sent", async () => {
    traceloop.initialize({ baseUrl: sink.endpoint });
    const failing = traceloop.withWorkflow({ name: "failing" }, () => {
      throw new RangeError("no");
    });
    await expect(failing).rejects.toThrow(RangeError);
    expect(traceloop.withTask({ name: "plain" }, () => 1)).toBeInstanceOf(Promise);
    expect(await spanOf("invoke_workflow failing")).toMatchObject({ statusCode: 2 });
  });

  it("keeps to itself what it says is not to be told", async () => {
    traceloop.initialize({ baseUrl: sink.endpoint });
    await traceloop.withWorkflow(
      { name: "quiet", traceContent: false },
      async (_word) => {
        await traceloop.withTask({ name: "below" }, async (word) => word, "secret");
        return "secret";
      },
      "secret",
    );
    await traceloop.withWorkflow({ name: "unseen", suppressTracing: true }, async () => {
      await traceloop.withTask({ name: "also unseen" }, async () => {});
    });
    await traceloop.forceFlush();
    expect(sink.spans.map(({ name }) => name)).toEqual(["below", "invoke_workflow quiet"]);
    expect(JSON.stringify(sink.spans.map(({ attributes }) => attributes))).not.toContain("secret");
  });

  it("is configured by its variables, where ours do not say otherwise", async () => {
    vi.stubEnv("TRACELOOP_BASE_URL", sink.endpoint);
    vi.stubEnv("TRACELOOP_API_KEY", "from-env");
    vi.stubEnv("TRACELOOP_TRACE_CONTENT", "false");
    traceloop.initialize({ appName: "x" });
    await traceloop.withTask({ name: "step" }, async (word) => word, "secret");
    expect((await spanOf("step")).attributes).toEqual({ "telltale.span.kind": "task" });
    expect(sink.requests[0]?.headers["authorization"]).toBe("Bearer from-env");
    expect(() => traceloop.getPrompt("p")).toThrow(traceloop.TraceloopError);
  });
});
