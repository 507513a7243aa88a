import { runInThisContext } from "node:vm";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Telltale } from "../index.ts";
import type { ReadSpan } from "../testing/read-spans.ts";
import { type SpanSink, startSpanSink } from "../testing/span-sink.ts";

let sink: SpanSink;

beforeAll(async () => {
  sink = await startSpanSink();
  Telltale.initialize({ appName: "tests", endpoint: sink.endpoint });
});
afterEach(() => sink.clear());
afterAll(async () => {
  await Telltale.shutdown();
  await sink.stop();
});

async function spanOf(name: string): Promise<ReadSpan> {
  await Telltale.flush();
  const span = sink.spans.find((candidate) => candidate.name === name);
  if (span === undefined) throw new Error(`There is no span ${name}.`);
  return span;
}

describe("the current span", () => {
  it("can be changed from anywhere below it", async () => {
    await Telltale.withTool("lookup", { input: "first" }, async () => {
      await Promise.resolve();
      Telltale.updateCurrentSpan({
        name: "renamed",
        input: { id: 7 },
        output: "found",
        error: new RangeError("half of it"),
        attributes: { "app.rows": 3, "app.bad": { nested: true } as unknown as string },
        sessionId: "s",
        userId: "u",
        tags: ["x"],
        metadata: { plan: "pro" },
      });
      expect(Telltale.currentSpan()?.spanId).toMatch(/^[0-9a-f]{16}$/);
      return "what it returns";
    });
    const { attributes, statusCode } = await spanOf("renamed");
    expect(statusCode).toBe(2);
    expect(attributes).toMatchObject({
      "gen_ai.tool.call.arguments": '{"id":7}',
      "gen_ai.tool.call.result": "found",
      "error.type": "RangeError",
      "app.rows": 3,
      "session.id": "s",
      "user.id": "u",
      "telltale.tags": ["x"],
      "telltale.metadata.plan": "pro",
    });
    expect(attributes).not.toHaveProperty("app.bad");
    expect(Telltale.currentSpan()).toBeUndefined();
    Telltale.updateCurrentSpan({ name: "nobody" });
  });

  it("hands tags, metadata and the prompt's name to the spans below it, and not beside it", async () => {
    Telltale.withWorkflow("all", () => {
      Telltale.withTask("one", () => {
        Telltale.setTags(["a"]);
        Telltale.setTags(["b", "a"]);
        Telltale.setMetadata({ depth: 1 });
        Telltale.recordPrompt({ name: "p", template: "Dear {who}" }, { who: "Ada", list: [1] }, "v2");
        Telltale.withTask("below", () => {});
      });
      Telltale.withTask("beside", () => {});
    });
    expect((await spanOf("one")).attributes).toMatchObject({
      "telltale.tags": ["a", "b"],
      "telltale.prompt.template": "Dear {who}",
      "gen_ai.prompt.variable.who": "Ada",
      "gen_ai.prompt.variable.list": "[1]",
    });
    expect((await spanOf("below")).attributes).toEqual({
      "telltale.span.kind": "task",
      "telltale.tags": ["a", "b"],
      "telltale.metadata.depth": 1,
      "gen_ai.prompt.name": "p",
      "gen_ai.prompt.version": "v2",
    });
    expect((await spanOf("beside")).attributes).toEqual({ "telltale.span.kind": "task" });
  });
});

describe("a score", () => {
  it("is an event of the conventions on the span that it judges, and something to filter by", async () => {
    Telltale.withSpan("answer", () => {
      Telltale.score("helpful", 0.75, "says where it is");
      Telltale.score("polite", true);
      Telltale.score("tone", "warm", { label: "warm", comment: "thanks twice" });
    });
    const { attributes, events } = await spanOf("answer");
    expect(events).toEqual([
      {
        name: "gen_ai.evaluation.result",
        attributes: {
          "gen_ai.evaluation.name": "helpful",
          "gen_ai.evaluation.score.value": { double: 0.75 },
          "gen_ai.evaluation.explanation": "says where it is",
        },
      },
      {
        name: "gen_ai.evaluation.result",
        attributes: {
          "gen_ai.evaluation.name": "polite",
          "gen_ai.evaluation.score.value": { double: 1 },
          "gen_ai.evaluation.score.label": "true",
        },
      },
      {
        name: "gen_ai.evaluation.result",
        attributes: {
          "gen_ai.evaluation.name": "tone",
          "gen_ai.evaluation.score.label": "warm",
          "gen_ai.evaluation.explanation": "thanks twice",
        },
      },
    ]);
    expect(attributes).toMatchObject({
      "telltale.score.helpful": { double: 0.75 },
      "telltale.score.polite": { double: 1 },
      "telltale.score.tone": "warm",
    });
  });

  it("may come after the span is over, as a span below it", async () => {
    const target = Telltale.withSpan("earlier", () => Telltale.currentContext());
    Telltale.score("thumbs", 1, { target, comment: "by a person" });
    Telltale.score("of nothing", 0);
    const earlier = await spanOf("earlier");
    expect(await spanOf("evaluate thumbs")).toMatchObject({
      traceId: earlier.traceId,
      parentSpanId: earlier.spanId,
      attributes: {
        "telltale.span.kind": "evaluation",
        "telltale.score.thumbs": { double: 1 },
        "gen_ai.evaluation.name": "thumbs",
        "gen_ai.evaluation.score.value": { double: 1 },
        "gen_ai.evaluation.explanation": "by a person",
      },
    });
    expect((await spanOf("evaluate of nothing")).parentSpanId).toBe("");
  });
});

describe("decorators", () => {
  it.each([
    ["standard", {}, "@Telltale.task() #hidden() { return 2; } hidden() { return this.#hidden(); }"],
    ["TypeScript's experimental", { experimentalDecorators: true }, "@Telltale.task() hidden() { return 2; }"],
  ])("in the %s form run methods inside spans, with this, arguments and results as they are", async (...form) => {
    const [, compilerOptions, hidden] = form;
    const source = `
      class Desk {
        name = "desk";
        @Telltale.workflow({ name: "serve" }) async serve(who) { return await this.look(who) + (await this.find("how"))[0].id; }
        @Telltale.tool() look(who) { return this.name + " " + who; }
        @Telltale.retrieval({ name: "shelf" }) async find(query) { return [{ id: "d1" }]; }
        @Telltale.task({ captureInput: false, captureOutput: false }) quiet(word) { throw new TypeError(word); }
        @Telltale.agent() static plan() { return 1; }
        @Telltale.span() *count() { yield 1; }
        @Telltale.span() async *stream() { yield this.name; }
        ${hidden}
      }
      return Desk;`;
    // Node does not run decorators yet: the compiler lowers them as it does for a program.
    const { outputFiles } = await build({
      stdin: { contents: `globalThis.makeDesk = (Telltale) => {${source}}`, loader: "ts" },
      tsconfigRaw: { compilerOptions },
      target: "es2022",
      write: false,
    });
    runInThisContext(outputFiles[0]?.text ?? "");
    const Desk = (Reflect.get(globalThis, "makeDesk") as (sdk: typeof Telltale) => DeskClass)(Telltale);
    const desk = new Desk();
    expect(await desk.serve("Ada")).toBe("desk Adad1");
    expect(() => desk.quiet("secret")).toThrow(TypeError);
    expect(Desk.plan()).toBe(1);
    expect([...desk.count()]).toEqual([1]);
    for await (const told of desk.stream()) expect(told).toBe("desk");
    expect(desk.hidden()).toBe(2);
    const serve = await spanOf("invoke_workflow serve");
    expect(await spanOf("execute_tool look")).toMatchObject({
      parentSpanId: serve.spanId,
      attributes: { "gen_ai.tool.call.arguments": "Ada", "gen_ai.tool.call.result": "desk Ada" },
    });
    expect(await spanOf("retrieval shelf")).toMatchObject({
      parentSpanId: serve.spanId,
      attributes: { "gen_ai.retrieval.query.text": "how", "gen_ai.retrieval.documents": '[{"id":"d1"}]' },
    });
    expect((await spanOf("quiet")).attributes).toEqual({ "telltale.span.kind": "task", "error.type": "TypeError" });
    expect(await spanOf("invoke_agent plan")).toMatchObject({ attributes: { "telltale.span.kind": "agent" } });
    expect(await spanOf("count")).toMatchObject({ statusCode: 0 });
    expect(await spanOf("stream")).toMatchObject({ statusCode: 0 });
    expect(sink.spans.map(({ name }) => name.replace("#", ""))).toContain("hidden");
  });
});

interface DeskClass {
  new (): {
    serve(who: string): Promise<string>;
    quiet(word: string): void;
    count(): Iterable<number>;
    stream(): AsyncIterable<string>;
    hidden(): number;
  };
  plan(): number;
}
