import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runLoadProcess } from "./server/run-load-process.ts";
import { freePort, ServerProcess } from "./server/server-process.ts";

/*
 * The questions of the pages at one million spans, quiet and while spans come in at half load,
 * as a page asks them: over HTTP, answer read to the end.
 * Usage: npm run bench -- queries [spans, 1000000] [data directory that has them already, or -] [days that the spans are of, 0]
 * [spans a second of half load, 6000]
 */

const wanted = Number(process.argv[2] ?? 1_000_000);
const filled = process.argv[3] === "-" ? undefined : process.argv[3];
const overDays = Number(process.argv[4] ?? 0);
const HALF_LOAD = Number(process.argv[5] ?? 6000);
const ROUNDS = 15;

const directory = filled ?? mkdtempSync(join(tmpdir(), "telltale-queries-"));
const server = new ServerProcess(await freePort(), directory);
await server.start();
await server.whenReady();
if (!filled) await fill();
const quiet = await measureAll();
const load = runLoadProcess({
  url: server.url,
  spansPerRequest: 512,
  characters: 2000,
  gzip: false,
  connections: 4,
  seconds: 40,
  rate: HALF_LOAD,
  runId: 9,
});
await sleep(5000);
const busy = await measureAll();
await load;
console.table(
  quiet.map((row, index) => ({
    question: row.question,
    "quiet p50 ms": row.p50,
    "quiet max ms": row.max,
    "half load p50 ms": busy[index]!.p50,
    "half load max ms": busy[index]!.max,
    "select 1 ms": row.floor,
    ratio: (row.p50 / row.floor).toFixed(1),
    kB: row.kilobytes,
  })),
);
await server.stop();
if (!filled) rmSync(directory, { recursive: true, force: true });

async function fill(): Promise<void> {
  let stored = 0;
  for (let runId = 20; stored < wanted; runId++) {
    const result = await runLoadProcess({
      url: server.url,
      spansPerRequest: 512,
      characters: 2000,
      gzip: false,
      connections: 8,
      seconds: Math.min(30, 2 + (wanted - stored) / 12_000),
      runId,
      overDays,
    });
    stored += result.spans;
    process.stderr.write(`${stored} of ${wanted} spans\n`);
  }
  for (;;) {
    const [row] = await server.query("SELECT count() FROM spans");
    if (Number(row?.[0]) >= stored) break;
    await sleep(500);
  }
  await sleep(20_000);
}

async function timed(call: () => Promise<Response>): Promise<{ milliseconds: number; bytes: number }> {
  const started = performance.now();
  const response = await call();
  const bytes = (await response.arrayBuffer()).byteLength;
  if (!response.ok) throw new Error(`status ${response.status}`);
  return { milliseconds: performance.now() - started, bytes };
}

interface Measured {
  readonly question: string;
  readonly p50: number;
  readonly max: number;
  readonly floor: number;
  readonly kilobytes: number;
}

async function measureAll(): Promise<Measured[]> {
  const get =
    (path: string): (() => Promise<Response>) =>
    () =>
      fetch(server.url + path);
  const [trace] = await server.query("SELECT trace_id FROM traces ORDER BY start_time LIMIT 1 OFFSET 500");
  const day = 24 * 3600 * 1000;
  const floor = await measure(
    "select 1",
    () =>
      fetch(`${server.url}/api/v1/query`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: '{"sql":"SELECT 1"}',
      }),
    1,
  );
  const questions: [string, () => Promise<Response>][] = [
    ["newest 50 traces", get("/api/v1/traces?limit=50")],
    ["open a trace", get(`/api/v1/traces/${String(trace?.[0])}`)],
    ["full text, 50 traces", get(`/api/v1/traces?limit=50&filter=${encodeURIComponent("changelog")}`)],
    ["full text, a rare word", get(`/api/v1/traces?limit=50&filter=${encodeURIComponent("asynchronously")}`)],
    ["errors of one model", get(`/api/v1/traces?limit=50&filter=${encodeURIComponent("model:gpt-4o status:error")}`)],
    ["attribute", get(`/api/v1/traces?limit=50&filter=${encodeURIComponent("attribute.app.feature:feature-3")}`)],
    [
      "spend by model and day",
      get(`/api/v1/spend?by=model&interval=day&from=${Date.now() - 30 * day}&to=${Date.now()}`),
    ],
    ...["model", "agent", "user", "session", "tag"].map((by): [string, () => Promise<Response>] => [
      `spend by ${by} and hour, a month`,
      get(`/api/v1/spend?by=${by}&interval=hour&from=${Date.now() - 30 * day}&to=${Date.now()}`),
    ]),
    ["cost of a day", get(`/api/v1/cost?from=${Date.now() - 2 * day}&to=${Date.now() - day}`)],
    ["facets", get("/api/v1/facets")],
  ];
  const answers: Measured[] = [];
  for (const [question, call] of questions) answers.push(await measure(question, call, floor.p50));
  return answers;
}

async function measure(question: string, call: () => Promise<Response>, floor: number): Promise<Measured> {
  const times: number[] = [];
  let bytes = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const result = await timed(call);
    if (round > 1) times.push(result.milliseconds);
    bytes = result.bytes;
  }
  times.sort((a, b) => a - b);
  return {
    question,
    p50: Math.round(times[times.length >> 1]! * 10) / 10,
    max: Math.round(times.at(-1)!),
    floor: Math.round(floor * 10) / 10,
    kilobytes: Math.round(bytes / 1024),
  };
}
