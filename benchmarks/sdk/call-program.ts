import { createRequire, registerHooks } from "node:module";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setImmediate as turn } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type * as sdk from "@telltale/sdk";
import { modelFetch } from "./model-fetch.ts";

/*
 * One process that makes calls with the openai client and measures each. Started by sdk.bench.ts with
 * one parameter, a CallPlan as JSON; writes a CallCost as JSON.
 */

export interface CallPlan {
  readonly variant: string;
  /** The folder whose `openai` is called. */
  readonly clientFolder: string;
  /** The folder of Telltale's SDK, built. */
  readonly sdkFolder: string;
  /** Letters of the prompt. */
  readonly letters: number;
  /** Chunks of the answer; none for one that comes in one piece. */
  readonly chunks: number;
  readonly calls: number;
  /** Calls between two flushes: queues of OpenTelemetry hold 2,048 spans. */
  readonly callsPerFlush: number;
  readonly sink: string;
  /** Counts the modules, and times nothing. */
  readonly counting: boolean;
}

export interface CallCost {
  /** Microseconds of a call. */
  readonly median: number;
  readonly p99: number;
  /** Microseconds of CPU for each call, sending included. */
  readonly cpu: number;
  /** Until the SDK and the client are loaded. */
  readonly startUpMs: number;
  readonly modules: number;
  /** Calls made, those of the warm-up included. */
  readonly calls: number;
  readonly rss: number;
}

interface ChatRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: "user"; readonly content: string }[];
  readonly stream?: boolean;
}

interface ChatClient {
  readonly chat: { readonly completions: { create(request: ChatRequest): Promise<unknown> } };
}

/** What a variant does about the calls; each peer has one in `benchmarks/peers/<name>/watch.cjs`. */
interface Watcher {
  wrap?(client: ChatClient): ChatClient;
  /** Makes a call inside what the variant makes of it. */
  call?(request: ChatRequest, make: () => Promise<unknown>): Promise<unknown>;
  flush?(): Promise<unknown>;
}

const plan = JSON.parse(process.argv[2] ?? "{}") as CallPlan;
const requireClient = createRequire(join(plan.clientFolder, "package.json"));
const warmUp = Math.min(plan.counting ? 0 : 400, plan.calls);

globalThis.fetch = modelFetch(plan.chunks);

async function startTelltale(redact: boolean): Promise<Watcher> {
  const file = pathToFileURL(join(plan.sdkFolder, "dist", "index.js")).href;
  const { Telltale } = (await import(file)) as typeof sdk;
  Telltale.initialize({ appName: "bench", endpoint: plan.sink, redact });
  return { flush: () => Telltale.flush() };
}

async function startWatcher(): Promise<Watcher> {
  if (plan.variant === "none") return {};
  if (plan.variant === "telltale") return startTelltale(true);
  if (plan.variant === "telltale without redaction") return startTelltale(false);
  return (requireClient("./watch.cjs") as { watch(sink: string): Watcher }).watch(plan.sink);
}

const loaded = new Set<string>();
if (plan.counting)
  registerHooks({
    load(url, context, next) {
      if (url.startsWith("file:")) loaded.add(url);
      return next(url, context);
    },
  });

const begin = performance.now();
const watcher = await startWatcher();
const { OpenAI } = requireClient("openai") as { OpenAI: new (options: object) => ChatClient };
const startUpMs = performance.now() - begin;

const plain = new OpenAI({ apiKey: "k", maxRetries: 0 });
const client = watcher.wrap?.(plain) ?? plain;
const stream = plan.chunks > 0;
// Different words in each prompt, as programs have them; made before anything is timed.
const prompts = Array.from({ length: 64 }, (_, seed) => promptOf(plan.letters, seed));

/** Made-up words in sentences, with a number now and then; the same for the same seed. */
function promptOf(letters: number, seed: number): string {
  let state = seed + 1;
  const next = (most: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % most;
  };
  let text = "";
  while (text.length < letters) {
    let word = next(30) === 0 ? String(next(2000)) : "";
    for (let syllables = word === "" ? 1 + next(4) : 0; syllables > 0; syllables--)
      word += `${"bcdfghklmnprstvw"[next(16)]}${"aeiou"[next(5)]}`;
    text += `${word}${next(12) === 0 ? ". " : " "}`;
  }
  return text.slice(0, letters);
}

async function make(request: ChatRequest): Promise<unknown> {
  const answer = await client.chat.completions.create(request);
  if (!stream) return answer;
  let pieces = 0;
  for await (const _ of answer as AsyncIterable<unknown>) pieces++;
  return pieces;
}

async function callOnce(index: number): Promise<number> {
  const content = `${index} ${prompts[index % prompts.length]}`;
  const request = { model: "gpt-4o", messages: [{ role: "user" as const, content }], ...(stream ? { stream } : {}) };
  const start = process.hrtime.bigint();
  if (watcher.call === undefined) await make(request);
  else await watcher.call(request, () => make(request));
  return Number(process.hrtime.bigint() - start) / 1000;
}

for (let index = 0; index < warmUp; index++) await callOnce(index);
await watcher.flush?.();
const cpu = process.cpuUsage();
const times: number[] = [];
for (let index = 0; index < plan.calls; index++) {
  times.push(await callOnce(index));
  // A program has its turns too: without them no timer would ever send a batch.
  if (index % 20 === 19) await turn();
  if (index % plan.callsPerFlush === plan.callsPerFlush - 1) await watcher.flush?.();
}
await watcher.flush?.();
const used = process.cpuUsage(cpu);
times.sort((first, second) => first - second);
const cost: CallCost = {
  median: times[Math.floor(times.length / 2)] ?? 0,
  p99: times[Math.floor(times.length * 0.99)] ?? 0,
  cpu: (used.user + used.system) / plan.calls,
  startUpMs,
  modules: loaded.size,
  calls: warmUp + plan.calls,
  rss: process.memoryUsage().rss / 1e6,
};
process.stdout.write(JSON.stringify(cost), () => process.exit(0));
