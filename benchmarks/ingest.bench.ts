import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runLoadProcess } from "./server/run-load-process.ts";
import { freePort, ServerProcess } from "./server/server-process.ts";
import { measureFloor } from "./ingest/floor.ts";

/*
 * Spans a second that are acknowledged and can be asked for, with the load generator on the same
 * machine, beside the rate at which the engine alone takes the same rows.
 * Usage: npm run bench -- ingest [seconds per case, 12] [number of the only case]
 */

interface IngestCase {
  readonly characters: number;
  readonly spansPerRequest: number;
  readonly gzip: boolean;
  readonly connections: number;
  /** Spans offered a second. */
  readonly rate?: number;
}

/** Without a rate as many as go: what is acknowledged then runs ahead of what is stored, and memory shows it. */
const CASES: readonly IngestCase[] = [
  { characters: 2000, spansPerRequest: 512, gzip: false, connections: 8, rate: 8000 },
  { characters: 20_000, spansPerRequest: 64, gzip: true, connections: 8, rate: 1500 },
  { characters: 2000, spansPerRequest: 1, gzip: false, connections: 64 },
  { characters: 2000, spansPerRequest: 64, gzip: false, connections: 16 },
  { characters: 2000, spansPerRequest: 512, gzip: false, connections: 8 },
  { characters: 20_000, spansPerRequest: 64, gzip: true, connections: 8 },
  { characters: 20_000, spansPerRequest: 512, gzip: false, connections: 4 },
];

const seconds = Number(process.argv[2] ?? 12);
/** Number of the only case to run, from 1. */
const only = Number(process.argv[3] ?? 0);

async function countSpans(server: ServerProcess): Promise<number> {
  const [row] = await server.query("SELECT count() FROM spans");
  return Number(row?.[0] ?? 0);
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

async function runCase(load: IngestCase, runId: number): Promise<{ [column: string]: string | number }> {
  const directory = mkdtempSync(join(tmpdir(), "telltale-ingest-"));
  const server = new ServerProcess(await freePort(), directory);
  const listening = await server.start();
  await server.whenReady();
  await sleep(1000);
  const idle = server.figures();
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, server.figures().residentBytes)), 250);
  const started = performance.now();
  const result = await runLoadProcess({ url: server.url, ...load, seconds, runId });
  process.stderr.write(`  ${result.spans} acknowledged; waiting until they can be asked for\n`);
  while ((await countSpans(server)) < result.spans) await sleep(50);
  const elapsed = (performance.now() - started) / 1000;
  clearInterval(watch);
  const used = server.figures().cpuSeconds - idle.cpuSeconds;
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
  const perSecond = result.spans / elapsed;
  const floor = await measureFloor(load.characters);
  return {
    span: `${load.characters / 1000} kB`,
    "per request": load.spansPerRequest,
    gzip: load.gzip ? "yes" : "no",
    "offered/s": load.rate ?? "all",
    "acknowledged/s": Math.round(result.spans / result.seconds),
    "queryable/s": Math.round(perSecond),
    "engine alone/s": Math.round(floor),
    ratio: (perSecond / floor).toFixed(2),
    "ack p50 ms": Math.round(percentile(result.latencies, 0.5)),
    "ack p99 ms": Math.round(percentile(result.latencies, 0.99)),
    "CPU us/span": Math.round((used / result.spans) * 1e6),
    "client us/span": Math.round((result.cpuSeconds / result.spans) * 1e6),
    "RSS idle MB": Math.round(idle.residentBytes / 1e6),
    "RSS peak MB": Math.round(peak / 1e6),
    "start ms": Math.round(listening),
    refused: result.refused + result.failed,
  };
}

const rows: { [column: string]: string | number }[] = [];
for (const [index, load] of CASES.entries()) {
  if (only > 0 && index + 1 !== only) continue;
  process.stderr.write(`${load.characters} characters, ${load.spansPerRequest} per request …\n`);
  rows.push(await runCase(load, index + 1));
}
console.table(rows);
