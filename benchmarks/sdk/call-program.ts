import { performance } from "node:perf_hooks";
import { request } from "node:http";
import type { Attributes } from "@opentelemetry/api";

/*
 * One process that makes calls with the openai client and measures each. Started by
 * sdk.bench.ts: variant, letters of the prompt, calls, address of the sink.
 */

const [variant = "none", letters = "200", calls = "1000", sink = ""] = process.argv.slice(2);
const WARM_UP = 400;

const ANSWER = JSON.stringify({
  id: "chatcmpl-1",
  object: "chat.completion",
  model: "gpt-4o-2026",
  choices: [
    { index: 0, message: { role: "assistant", content: "An answer of some words. ".repeat(8) }, finish_reason: "stop" },
  ],
  usage: { prompt_tokens: 50, completion_tokens: 40, total_tokens: 90 },
});
// The network is left out: what remains is the client, and what watches it.
globalThis.fetch = async () => new Response(ANSWER, { headers: { "content-type": "application/json" } });

interface Watcher {
  /** Makes a call inside what the variant makes of it. */
  call(model: string, messages: unknown, make: () => Promise<unknown>): Promise<unknown>;
  flush(): Promise<void>;
}

async function startTelltale(): Promise<Watcher> {
  const { Telltale } = await import("@telltale/sdk");
  Telltale.initialize({ appName: "bench", endpoint: sink });
  return { call: (_model, _messages, make) => make(), flush: () => Telltale.flush() };
}

/** A bare set-up of OpenTelemetry with one hand-made span for each call. */
async function startOpenTelemetry(): Promise<Watcher> {
  const { BatchSpanProcessor, TracerProvider } = await import("@opentelemetry/sdk-trace");
  const { ProtobufTraceSerializer } = await import("@opentelemetry/otlp-transformer");
  const processor = new BatchSpanProcessor({
    exporter: {
      export(spans, done) {
        const sent = request(`${sink}/v1/traces`, { method: "POST" }, (response) => {
          response.resume().on("end", () => done({ code: 0 }));
        });
        sent.end(ProtobufTraceSerializer.serializeRequest(spans));
      },
      shutdown: async () => {},
    },
  });
  const tracer = new TracerProvider({ spanProcessors: [processor] }).getTracer("bench");
  return {
    async call(model, messages, make) {
      const attributes: Attributes = { "gen_ai.operation.name": "chat", "gen_ai.request.model": model };
      const span = tracer.startSpan(`chat ${model}`, { kind: 2, attributes });
      span.setAttribute("gen_ai.input.messages", JSON.stringify(messages));
      const answer = await make();
      span.setAttribute("gen_ai.output.messages", JSON.stringify(answer));
      span.end();
      return answer;
    },
    flush: () => processor.forceFlush(),
  };
}

async function startWatcher(): Promise<Watcher> {
  if (variant === "telltale") return startTelltale();
  if (variant === "otel") return startOpenTelemetry();
  return { call: (_model, _messages, make) => make(), flush: async () => {} };
}

const begin = performance.now();
const watcher = await startWatcher();
const startUpMs = performance.now() - begin;

const { OpenAI } = await import("openai");
const client = new OpenAI({ apiKey: "k", maxRetries: 0 });
const content = "word ".repeat(Number(letters) / 5);

async function callOnce(): Promise<number> {
  const messages = [{ role: "user" as const, content: content + Math.random() }];
  const start = process.hrtime.bigint();
  await watcher.call("gpt-4o", messages, async () => client.chat.completions.create({ model: "gpt-4o", messages }));
  return Number(process.hrtime.bigint() - start) / 1000;
}

for (let index = 0; index < WARM_UP; index++) await callOnce();
await watcher.flush();
const cpu = process.cpuUsage();
const times: number[] = [];
for (let index = 0; index < Number(calls); index++) {
  times.push(await callOnce());
  // A program has its turns too: without them no timer would ever send a batch.
  if (index % 20 === 19) await new Promise((resolve) => setImmediate(resolve));
}
await watcher.flush();
const used = process.cpuUsage(cpu);
times.sort((first, second) => first - second);
process.stdout.write(
  JSON.stringify({
    median: times[Math.floor(times.length / 2)],
    p99: times[Math.floor(times.length * 0.99)],
    cpu: (used.user + used.system) / Number(calls),
    startUpMs,
    rss: process.memoryUsage().rss / 1e6,
  }),
);
process.exit(0);
