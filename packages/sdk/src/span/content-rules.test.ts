import { OpenAI } from "openai";
import { afterEach, beforeAll, afterAll, describe, expect, it, vi } from "vitest";
import { type InitializeOptions, Telltale } from "../index.ts";
import { type FakeOpenai, startFakeOpenai } from "../testing/fake-openai.ts";
import type { ReadSpan } from "../testing/read-spans.ts";
import { type SpanSink, startSpanSink } from "../testing/span-sink.ts";

let sink: SpanSink;
let model: FakeOpenai;
const said: string[] = [];
vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);

beforeAll(async () => {
  sink = await startSpanSink();
  model = await startFakeOpenai();
});
afterEach(async () => {
  await Telltale.shutdown();
  sink.clear();
  said.splice(0);
  vi.unstubAllEnvs();
});
afterAll(async () => {
  await sink.stop();
  await model.stop();
});

const PICTURE = Buffer.from("a picture").toString("base64");

async function run(options: InitializeOptions): Promise<Record<string, ReadSpan["attributes"]>> {
  Telltale.initialize({ endpoint: sink.endpoint, ...options });
  const openai = new OpenAI({ apiKey: "k", baseURL: model.baseUrl });
  await Telltale.withWorkflow("all", { input: "to the workflow" }, async () => {
    const image_url = { url: `data:image/png;base64,${PICTURE}` };
    await openai.chat.completions.create({
      model: "echo",
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "to the model" },
            { type: "image_url", image_url },
          ],
        },
      ],
    });
    Telltale.withTool(
      "look",
      { input: { query: "to the tool", vector: Array.from({ length: 100 }, () => 7) } },
      () => "found",
    );
  });
  await Telltale.flush();
  return Object.fromEntries(sink.spans.map(({ name, attributes }) => [name.split(" ")[0] ?? "", attributes]));
}

describe("what is sent of content", () => {
  it("is all of it by default, without media and vectors", async () => {
    const { chat, execute_tool, invoke_workflow } = await run({});
    expect(chat?.["gen_ai.input.messages"]).toContain("to the model");
    expect(chat?.["gen_ai.input.messages"]).toContain('"left_out_bytes":9');
    expect(chat?.["gen_ai.input.messages"]).not.toContain(PICTURE);
    expect(execute_tool?.["gen_ai.tool.call.arguments"]).toBe('{"query":"to the tool","vector":"[100 numbers]"}');
    expect(invoke_workflow?.["gen_ai.input.messages"]).toContain("to the workflow");
  });

  it("may be media and vectors too", async () => {
    const { chat, execute_tool } = await run({ captureMedia: true, captureVectors: true });
    expect(chat?.["gen_ai.input.messages"]).toContain(PICTURE);
    expect(execute_tool?.["gen_ai.tool.call.arguments"]).toContain("7,7,7");
  });

  it.each([
    [{ captureContent: ["tool"] } as const, {}],
    [{}, { TELLTALE_CAPTURE_CONTENT: "tool" }],
    [{}, { TELLTALE_CAPTURE_CONTENT: " Tool ", OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "true" }],
  ])("may be that of some kinds of span: %j %j", async (options, environment) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const { chat, execute_tool, invoke_workflow } = await run(options);
    expect(execute_tool?.["gen_ai.tool.call.result"]).toBe("found");
    expect(JSON.stringify([chat, invoke_workflow])).not.toMatch(/to the (model|workflow)/);
    expect(chat?.["gen_ai.usage.input_tokens"]).toBe(20);
    expect(said).toEqual([]);
  });

  it.each(["false", "no_content", "NONE"])("is nothing when the environment says %s", async (word) => {
    vi.stubEnv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", word);
    expect(JSON.stringify(await run({}))).not.toContain("to the");
  });

  it("is everything, and a line says why, when a kind is none", async () => {
    vi.stubEnv("TELLTALE_CAPTURE_CONTENT", "prompts");
    expect(JSON.stringify(await run({}))).toContain("to the model");
    expect(said.join("")).toMatch(/captureContent has "prompts": give true, false or kinds of span \(llm, /);
  });

  it("may be decided piece by piece by a function, which fails closed", async () => {
    const seen: string[] = [];
    const spans = await run({
      captureContent: ({ attribute, kind, spanName, text }) => {
        seen.push(`${kind} ${spanName} ${attribute}`);
        if (kind === "workflow") throw new Error("no idea");
        return attribute === "gen_ai.tool.call.result" ? false : text.replaceAll("to the", "at the");
      },
    });
    expect(spans["chat"]?.["gen_ai.input.messages"]).toContain("at the model");
    expect(spans["execute_tool"]).not.toHaveProperty("gen_ai.tool.call.result");
    expect(JSON.stringify(spans)).not.toContain("to the");
    expect(seen).toContain("llm chat echo gen_ai.output.messages");
  });

  it("may be decided by a function that asks a model and is traced itself: of that nothing is told", async () => {
    const openai = new OpenAI({ apiKey: "k", baseURL: model.baseUrl });
    const asked: Promise<unknown>[] = [];
    const spans = await run({
      captureContent: ({ text }) => {
        const messages = [{ role: "user" as const, content: text }];
        asked.push(
          Telltale.withTask("judge", { input: text }, () =>
            openai.chat.completions.create({ model: "echo", messages }),
          ),
        );
        Telltale.score("harmless", true, "as far as is known");
        return true;
      },
    });
    await Promise.all(asked);
    await Telltale.flush();
    expect(asked.length).toBeGreaterThan(4);
    expect(Object.keys(spans)).not.toContain("judge");
    expect(sink.spans.map(({ name }) => name).filter((name) => /judge|evaluate/.test(name))).toEqual([]);
    expect(sink.spans.filter(({ name }) => name === "chat echo")).toHaveLength(1);
  });

  it("is shortened above a length, stays JSON and says how much was left out", async () => {
    Telltale.initialize({ endpoint: sink.endpoint, maxContentLength: 300 });
    Telltale.withTool("long", { input: { text: "é".repeat(2000), kept: 1 } }, () => "x".repeat(299));
    await Telltale.flush();
    const { attributes } = sink.spans[0] ?? {};
    const told = String(attributes?.["gen_ai.tool.call.arguments"]);
    expect(Buffer.byteLength(told)).toBeLessThanOrEqual(300);
    expect(JSON.parse(told)).toMatchObject({ kept: 1, text: expect.stringMatching(/^é+…\[\d+ bytes left out\]$/) });
    expect(attributes?.["gen_ai.tool.call.result"]).toBe("x".repeat(299));
  });

  it("is nothing below a span that keeps it to itself", async () => {
    Telltale.initialize({ endpoint: sink.endpoint });
    const openai = new OpenAI({ apiKey: "k", baseURL: model.baseUrl });
    await Telltale.withSpan("private", { captureContent: false, input: "secret" }, async () => {
      await openai.chat.completions.create({ model: "echo", messages: [{ role: "user", content: "secret" }] });
      return Telltale.withTool("t", { input: "secret" }, () => "secret");
    });
    Telltale.withSpan("open", { input: "said" }, () => {});
    await Telltale.flush();
    expect(sink.spans).toHaveLength(4);
    expect(JSON.stringify(sink.spans.map(({ attributes }) => attributes))).not.toContain("secret");
    expect(JSON.stringify(sink.spans.map(({ attributes }) => attributes))).toContain("said");
  });
});

describe("options that nobody reads", () => {
  it("are told with the one that may be meant", () => {
    Telltale.initialize({ disabled: true, appname: "x", whatever: 1 } as InitializeOptions);
    expect(said).toEqual([
      "[telltale] initialize has no option appname: is appName meant? It is ignored.\n",
      "[telltale] initialize has no option whatever. It is ignored.\n",
    ]);
  });
});
