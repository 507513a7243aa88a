import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort, ServerProcess } from "./server/server-process.ts";
import { runLoadProcess } from "./server/run-load-process.ts";

/*
 * Load with kill -9 of the front or the engine at random moments. Ends with a count of every
 * acknowledged span: present once, missing, or present more often.
 * Usage: npm run bench -- durability [seconds, 300]
 */

const SPANS_PER_REQUEST = 64;
const RATE = 3000;
const RUN_ID = 77;

const seconds = Number(process.argv[2] ?? 300);
const directory = mkdtempSync(join(tmpdir(), "telltale-durability-"));
const server = new ServerProcess(await freePort(), directory);
await server.start();
await server.whenReady();

const recoveries: { which: string; milliseconds: number }[] = [];
const plan = {
  url: server.url,
  spansPerRequest: SPANS_PER_REQUEST,
  characters: 2000,
  gzip: false,
  connections: 8,
  seconds,
  rate: RATE,
  runId: RUN_ID,
};
const load = runLoadProcess(plan);
const until = Date.now() + seconds * 1000 - 5000;
while (Date.now() < until) {
  await sleep(2000 + Math.random() * 8000);
  const which = Math.random() < 0.5 ? "front" : "engine";
  const restarts = await server.metric("telltale_engine_restarts_total");
  const killed = performance.now();
  server.kill(which);
  if (which === "front") {
    await server.ended();
    await server.start();
  } else while ((await server.metric("telltale_engine_restarts_total")) === restarts) await sleep(10);
  await server.whenReady();
  recoveries.push({ which, milliseconds: performance.now() - killed });
  process.stderr.write(`${which} killed, answering again after ${Math.round(performance.now() - killed)} ms\n`);
}
const result = await load;
await check();
await server.stop();
rmSync(directory, { recursive: true, force: true });

/** Present once, per block of a request, asked in pages of blocks. */
async function countBlocks(): Promise<Map<number, [number, number]>> {
  const counts = new Map<number, [number, number]>();
  const last = Math.max(...result.acknowledged.map(([first]) => first)) / SPANS_PER_REQUEST;
  const page = 1000;
  for (let from = 0; from <= last; from += page) {
    const number = "reinterpretAsUInt64(reverse(unhex(concat('000000', substring(span_id, 7)))))";
    const block = `intDiv(${number}, ${SPANS_PER_REQUEST})`;
    const rows = await server.query(
      `SELECT ${block} AS block, count(), uniqExact(span_id) FROM spans WHERE ${block} >= ${from} AND ${block} < ${from + page} GROUP BY block`,
    );
    for (const [number, rowCount, distinct] of rows) counts.set(Number(number), [Number(rowCount), Number(distinct)]);
  }
  return counts;
}

/** Until the engine has read the journal to its end; fails when it stands still for a minute. */
async function waitUntilStored(): Promise<void> {
  let before = Infinity;
  for (let still = 0; still < 60; still++) {
    const unread = await server.metric("telltale_journal_unread_bytes");
    if (unread === 0 && before === 0) return;
    if (unread !== before) still = 0;
    before = unread;
    await sleep(1000);
  }
  process.stderr.write(`the journal still has ${before} bytes that nobody reads\n`);
}

async function check(): Promise<void> {
  await waitUntilStored();
  const counts = await countBlocks();
  let missing = 0;
  let repeated = 0;
  for (const [first, spans] of result.acknowledged) {
    const [rows, distinct] = counts.get(first / SPANS_PER_REQUEST) ?? [0, 0];
    missing += spans - distinct;
    repeated += rows - distinct;
  }
  const [[spansInTraces]] = (await server.query("SELECT sum(span_count) FROM traces")) as [[number]];
  const [[spansStored]] = (await server.query("SELECT count() FROM spans")) as [[number]];
  const slowest = Math.max(0, ...recoveries.map((one) => one.milliseconds));
  console.table({
    seconds,
    "kills of the front": recoveries.filter((one) => one.which === "front").length,
    "kills of the engine": recoveries.filter((one) => one.which === "engine").length,
    "slowest recovery, ms": Math.round(slowest),
    "acknowledged spans": result.spans,
    "requests refused": result.refused,
    "requests without an answer": result.failed,
    missing,
    "present more than once": repeated,
    "spans stored": Number(spansStored),
    "spans in trace summaries": Number(spansInTraces),
  });
  if (missing > 0 || repeated > 0 || Number(spansInTraces) !== Number(spansStored)) process.exitCode = 1;
}
