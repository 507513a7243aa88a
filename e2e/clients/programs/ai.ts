import { ReadableStream as NodeStream } from "node:stream/web";
import type * as Openai from "@ai-sdk/openai";
import type * as Ai from "ai";
import type * as Zod from "zod";
import { runScenarios } from "../testing/scenarios.ts";
import { trace } from "../testing/trace.ts";

/** `7`, `6`, `5` or `4`: the same program for all. Before 7 each call is told of the SDK, by the tracer that it takes. */
const major = process.env["MAJOR"] ?? "7";
const isSeven = major === "7";
const isFive = major === "5";
const isFour = major === "4";
const PACKAGES = new Map([
  ["5", ["ai-5", "ai-sdk-openai-2"]],
  ["6", ["ai-6", "ai-sdk-openai-3"]],
]);
const [aiPackage = "ai", openaiPackage = "@ai-sdk/openai"] = PACKAGES.get(major) ?? [];
// The process id in the warning's text would differ.
Reflect.set(globalThis, "AI_SDK_LOG_WARNINGS", false);
interface Packages {
  readonly ai: typeof Ai;
  readonly createOpenAI: typeof Openai.createOpenAI;
  readonly z: typeof Zod.z;
}
/** Version 4 needs another zod, and has a folder of its own. */
async function load(): Promise<Packages> {
  if (isFour) {
    const own = new URL("../../clients-ai4/packages.mjs", import.meta.url).href;
    return ((await import(own)) as { readonly packages: Packages }).packages;
  }
  const { createOpenAI } = (await import(openaiPackage)) as typeof Openai;
  return { ai: (await import(aiPackage)) as typeof Ai, createOpenAI, z: (await import("zod")).z };
}
const { ai, createOpenAI, z } = await load();

// Only version 4 has to be told that this is OpenAI, to ask for the usage of streams.
const ofFour = isFour ? { compatibility: "strict" } : {};
const openai = createOpenAI({ apiKey: "sk-test", baseURL: `${process.env["SERVER_URL"]}/v1`, ...ofFour });
/** As each version calls it. */
const takes = <T>(schema: T): { readonly inputSchema: T } =>
  (isFour ? { parameters: schema } : { inputSchema: schema }) as { inputSchema: T };
const telemetry = (functionId?: string): object =>
  isSeven
    ? { telemetry: { functionId } }
    : { experimental_telemetry: { isEnabled: trace.tracer !== undefined, tracer: trace.tracer, functionId } };
const common = (model: string, functionId?: string) => ({
  model: openai.chat(model),
  maxRetries: 0,
  ...telemetry(functionId),
});

const weather = ai.tool({
  description: "Weather of a city",
  ...takes(z.object({ city: z.string() })),
  execute: async ({ city }) => {
    await new Promise((resolve) => setTimeout(resolve, 2));
    if (city === "Atlantis") throw new Error("No such city: Atlantis.");
    return trace.withSpan("look up", () => `sunny in ${city}`);
  },
});
/** An agent that another asks, as a tool. */
const expert = ai.tool({
  description: "Asks an expert",
  ...takes(z.object({ question: z.string() })),
  execute: async ({ question }) => (await ai.generateText({ ...common("gpt", "expert"), prompt: question })).text,
});
/** A model inside this process: no request leaves. */
const tokensOf = (): object => {
  if (isFour) return { promptTokens: 11, completionTokens: 5 };
  if (isFive) return { inputTokens: 11, outputTokens: 5, totalTokens: 16 };
  return { inputTokens: { total: 11 }, outputTokens: { total: 5 } };
};
const finish = {
  finishReason: isFive || isFour ? "stop" : { unified: "stop", raw: "stop" },
  usage: tokensOf(),
  ...(isFour ? { rawCall: { rawPrompt: null, rawSettings: {} }, text: "Said here." } : {}),
};
const local = {
  specificationVersion: `v${Number(major) - 3}`,
  provider: "local.chat",
  modelId: "tiny",
  supportedUrls: {},
  doGenerate: () => Promise.resolve({ content: [{ type: "text", text: "Said here." }], warnings: [], ...finish }),
  doStream: () => {
    const parts = [
      { type: "stream-start", warnings: [] },
      { type: "text-start", id: "1" },
      { type: "text-delta", id: "1", delta: "Said ", textDelta: "Said " },
      { type: "text-delta", id: "1", delta: "here.", textDelta: "here." },
      { type: "text-end", id: "1" },
      { type: "finish", ...finish },
    ];
    const told = isFour ? parts.filter(({ type }) => type === "text-delta" || type === "finish") : parts;
    return Promise.resolve({ stream: NodeStream.from(told), rawCall: { rawPrompt: null, rawSettings: {} } });
  },
} as unknown as Ai.LanguageModel;
const search = ai.tool({
  description: "Searches the documents",
  ...takes(z.object({ query: z.string() })),
  execute: ({ query }) =>
    trace.withRetrieval("docs", { query, topK: 1 }, async () => {
      const model = openai.textEmbeddingModel("text-embedding-3-small");
      const { embedding } = await ai.embed({ model, value: query, ...telemetry() });
      return [{ id: "d1", score: 0.9, content: `near ${embedding.length}` }];
    }),
});
const tools = { weather, expert, search };
const fewSteps = (isFour ? { maxSteps: 4 } : { stopWhen: ai.stepCountIs(4) }) as {
  readonly stopWhen: ReturnType<typeof Ai.stepCountIs>;
};
const asJson = isFour ? { mode: "json" } : {};
const forecast = z.object({ city: z.string(), degrees: z.number() });

async function read(stream: AsyncIterable<string>, most = Number.POSITIVE_INFINITY): Promise<string> {
  let text = "";
  let count = 0;
  for await (const piece of stream) {
    text += piece;
    if (++count === most) break;
  }
  return text;
}

const onError = (): void => {};

async function errorOf(stream: AsyncIterable<{ readonly type: string }>): Promise<readonly string[]> {
  const types: string[] = [];
  for await (const { type } of stream) if (types.at(-1) !== type) types.push(type);
  return types;
}

await runScenarios({
  chat: async (print) => {
    const { text, usage, finishReason } = await ai.generateText({ ...common("gpt"), prompt: "Hello there" });
    print(text, usage, finishReason);
  },
  stream: async (print) => {
    const { textStream, usage } = ai.streamText({ ...common("gpt"), prompt: "Hello there" });
    print(await read(textStream), await usage);
  },
  tools: async (print) => {
    const prompt = 'CALL weather {"city":"Oslo"}';
    const { text, steps } = await ai.generateText({ ...common("gpt", "planner"), tools, ...fewSteps, prompt });
    print(text, steps.length);
  },
  "stream-tools": async (print) => {
    const prompt = 'CALL weather {"city":"Oslo"}';
    const { textStream } = ai.streamText({ ...common("gpt", "planner"), tools, ...fewSteps, prompt });
    print(await read(textStream));
  },
  "parallel-tools": async (print) => {
    const prompt = 'CALL weather {"city":"Oslo"} CALL weather {"city":"Rome"}';
    print((await ai.generateText({ ...common("gpt", "planner"), tools, ...fewSteps, prompt })).text);
  },
  "tool-fails": async (print) => {
    const prompt = 'CALL weather {"city":"Atlantis"}';
    print((await ai.generateText({ ...common("gpt", "planner"), tools, ...fewSteps, prompt })).text);
  },
  "multi-agent": async (print) => {
    const prompt = 'CALL expert {"question":"Is it sunny?"}';
    print((await ai.generateText({ ...common("gpt", "planner"), tools, ...fewSteps, prompt })).text);
  },
  structured: async (print) => {
    const { object } = await ai.generateObject({ ...common("json"), schema: forecast, ...asJson, prompt: "?" });
    print(object);
  },
  badjson: async (print) => {
    print((await ai.generateObject({ ...common("bad-json"), schema: forecast, ...asJson, prompt: "?" })).object);
  },
  rag: async (print) => {
    const prompt = 'CALL search {"query":"When does it arrive?"}';
    print((await ai.generateText({ ...common("gpt", "planner"), tools, ...fewSteps, prompt })).text);
  },
  unicode: async (print) => {
    const { text } = await ai.generateText({ ...common("unicode"), prompt: "Wie heißt 東京? \u{1F468}‍👩‍👧" });
    const { textStream } = ai.streamText({ ...common("unicode"), prompt: "日本語" });
    print(text, await read(textStream));
  },
  big: async (print) =>
    print((await ai.generateText({ ...common("gpt"), prompt: "Lorem ipsum — dolor. ".repeat(5000) })).text),
  local: async (print) => {
    const { text } = await ai.generateText({ model: local, prompt: "Hello", ...telemetry() });
    const { textStream } = ai.streamText({ model: local, prompt: "Hello", ...telemetry() });
    print(text, await read(textStream));
  },
  embeddings: async (print) => {
    const model = openai.textEmbeddingModel("text-embedding-3-small");
    print((await ai.embed({ model, value: "one", ...telemetry() })).embedding);
    print((await ai.embedMany({ model, values: ["one", "two"], ...telemetry() })).embeddings);
  },
  err429: async (print) => {
    print((await ai.generateText({ ...common("limited"), prompt: "?", maxRetries: 1 })).text);
  },
  err500: async (print) => print((await ai.generateText({ ...common("broken"), prompt: "?" })).text),
  "stream-broken": async (print) => {
    print(await errorOf(ai.streamText({ ...common("broken"), prompt: "?", onError }).fullStream));
  },
  cut: async (print) => print(await errorOf(ai.streamText({ ...common("cut"), prompt: "?", onError }).fullStream)),
  timeout: async (print) => {
    const abortSignal = AbortSignal.timeout(400);
    print((await ai.generateText({ ...common("never"), prompt: "?", abortSignal })).text);
  },
  abort: async (print) => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 400);
    print((await ai.generateText({ ...common("never"), prompt: "?", abortSignal: stop.signal })).text);
  },
  "stream-abort": async (print) => {
    const abort = new AbortController();
    const { fullStream } = ai.streamText({ ...common("endless"), prompt: "?", abortSignal: abort.signal, onError });
    let count = 0;
    let last = "";
    for await (const { type } of fullStream) {
      if (++count === 5) abort.abort();
      last = type;
    }
    print(last);
  },
  abandoned: async (print) => {
    const { textStream } = ai.streamText({ ...common("endless"), prompt: "?" });
    print(await read(textStream, 3));
  },
  concurrent: async (print) => {
    const answers = ["Ada", "Bob", "Eve"].map((user) =>
      trace.withSpan(user, async () => {
        trace.setUser(user);
        const prompt = `CALL weather {"city":"${user}"}`;
        return (await ai.generateText({ ...common("gpt", `agent of ${user}`), tools, ...fewSteps, prompt })).text;
      }),
    );
    print(await Promise.all(answers));
  },
});
