import { Agent, request } from "node:http";
import { gzipSync } from "node:zlib";
import { makeSpanRequest, type SpanRequest, stamp } from "./span-request.ts";

/** What to send and for how long. */
export interface LoadPlan {
  readonly url: string;
  readonly spansPerRequest: number;
  readonly characters: number;
  readonly gzip: boolean;
  readonly connections: number;
  readonly seconds: number;
  /** Spans a second at most; as many as go when absent. */
  readonly rate?: number;
  readonly runId: number;
  /** Requests tell of times in so many days before now; of now when absent. */
  readonly overDays?: number;
}

/** What came of it. `acknowledged` are ranges [first, count] of span numbers. */
export interface LoadResult {
  readonly spans: number;
  readonly acknowledged: readonly (readonly [number, number])[];
  readonly refused: number;
  readonly failed: number;
  readonly seconds: number;
  readonly latencies: readonly number[];
  readonly cpuSeconds: number;
}

function post(url: URL, agent: Agent, body: Buffer, gzip: boolean): Promise<number> {
  return new Promise((resolve) => {
    const headers: { [name: string]: string | number } = {
      "content-type": "application/x-protobuf",
      "content-length": body.length,
    };
    if (gzip) headers["content-encoding"] = "gzip";
    const call = request(url, { method: "POST", agent, headers, timeout: 30_000 }, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode ?? 0));
      response.on("error", () => resolve(0));
    });
    call.on("error", () => resolve(0));
    call.on("timeout", () => call.destroy());
    call.end(body);
  });
}

/** Distinct bodies kept ready; ids and times differ in every sending. */
const BODIES = 24;

/** Sends load until the time is over. A refused or lost request is not sent again: the ledger knows. */
export async function runLoad(plan: LoadPlan): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: plan.connections });
  const url = new URL("/v1/traces", plan.url);
  const { spansPerRequest } = plan;
  const pool: SpanRequest[] = Array.from(
    { length: Math.ceil(BODIES / plan.connections) * plan.connections },
    (_, seed) => makeSpanRequest(spansPerRequest, plan.characters, seed + plan.runId * 31),
  );
  const acknowledged: [number, number][] = [];
  const latencies: number[] = [];
  let next = 0;
  let spans = 0;
  let refused = 0;
  let failed = 0;
  const cpu = process.cpuUsage();
  const started = performance.now();
  const until = started + plan.seconds * 1000;
  const worker = async (index: number): Promise<void> => {
    for (let turn = index; performance.now() < until; turn += plan.connections) {
      const first = next;
      next += spansPerRequest;
      if (plan.rate) await pause(started + (first / plan.rate) * 1000 - performance.now());
      const body = pool[turn % pool.length]!;
      const time = Date.now() - Math.random() * (plan.overDays ?? 0) * 86_400_000;
      stamp(body, plan.runId, first, BigInt(Math.round(time)) * 1_000_000n);
      const sent = performance.now();
      const status = await post(url, agent, plan.gzip ? gzipSync(body.body, { level: 1 }) : body.body, plan.gzip);
      if (status === 200) {
        latencies.push(performance.now() - sent);
        acknowledged.push([first, spansPerRequest]);
        spans += spansPerRequest;
      } else {
        if (status === 0) failed++;
        else refused++;
        await pause(200);
      }
    }
  };
  await Promise.all(Array.from({ length: plan.connections }, (_, index) => worker(index)));
  const seconds = (performance.now() - started) / 1000;
  agent.destroy();
  const used = process.cpuUsage(cpu);
  return { spans, acknowledged, refused, failed, seconds, latencies, cpuSeconds: (used.user + used.system) / 1e6 };
}

async function pause(milliseconds: number): Promise<void> {
  if (milliseconds > 0) await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

if (process.argv[1] === import.meta.filename)
  process.stdout.write(JSON.stringify(await runLoad(JSON.parse(process.argv[2] ?? "{}") as LoadPlan)));
