import { parseArgs } from "node:util";
import type { CallPlan } from "./sdk/call-program.ts";
import { costTable, ratioTable, type Measured } from "./sdk/cost-tables.ts";
import { PEERS, SDK_FOLDER, clientFolderOf, prepare } from "./sdk/prepare.ts";
import { importTimes } from "./sdk/import-time.ts";
import type { Growth } from "./sdk/growth-program.ts";
import { openSink } from "./sdk/sink.ts";
import { runCalls, runGrowth } from "./sdk/run-calls.ts";

/*
 * What the SDK costs for each call of the openai client, beside no instrumentation at all (the floor), a bare
 * OpenTelemetry with one hand-made span, and the SDKs of others, as `benchmarks/peers/` installs them on first use. No
 * network: the model answers in the same process. Each run is a process of its own, each round runs every variant once,
 * and each round begins with another one, so that nobody always runs behind the same neighbour. Then a hundred thousand
 * calls with the server there, and with nobody there: memory must stay where it is.
 * Usage: npm run bench -- sdk [--seconds 240] [--quick] [--only telltale,langfuse] [--no-growth]
 * --quick is one short round, to see that everything runs; --only leaves variants out, never the floor.
 */

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "240" },
    quick: { type: "boolean", default: false },
    only: { type: "string" },
    growth: { type: "boolean", default: true },
  },
  allowNegative: true,
});
const OURS = ["telltale", "telltale without redaction"];
/** Fewer say nothing on a machine that others use too. */
const ROUNDS = { least: values.quick ? 1 : 5, most: 15 };
const GROWTH_CALLS = values.quick ? 5000 : 100_000;
/** Port 9 is "discard": nobody listens there. */
const NOBODY = "http://127.0.0.1:9";

interface Case {
  readonly name: string;
  readonly letters: number;
  readonly chunks: number;
  readonly calls: number;
  readonly callsPerFlush: number;
}

// Flushed as often as keeps the queue of a peer from overflowing, or from holding 100 MB.
const CASES: readonly Case[] = [
  { name: "prompt of 200 characters", letters: 200, chunks: 0, calls: 8000, callsPerFlush: 500 },
  { name: "prompt of 50 kB", letters: 50_000, chunks: 0, calls: 1000, callsPerFlush: 200 },
  { name: "stream of 500 chunks", letters: 200, chunks: 500, calls: 80, callsPerFlush: 40 },
];

const wanted = values.only?.split(",");
const variants = [...OURS, ...PEERS].filter((name) => wanted?.includes(name) ?? true);
const usable = ["none", ...(await prepare(variants))];
const skipped = variants.filter((name) => !usable.includes(name));
const sink = await openSink();

function planOf(variant: string, each: Case, counting: boolean): CallPlan {
  const length = values.quick ? Math.ceil(each.calls / 8) : each.calls;
  return {
    variant,
    clientFolder: clientFolderOf(variant),
    sdkFolder: SDK_FOLDER,
    letters: each.letters,
    chunks: each.chunks,
    calls: counting ? 1 : length,
    callsPerFlush: each.callsPerFlush,
    sink: sink.address,
    counting,
  };
}

/** Undefined when the variant does not run: then it is left out from there on. */
async function measure(plan: CallPlan): Promise<Measured | undefined> {
  const before = sink.bytes();
  try {
    const cost = await runCalls(plan);
    return { ...cost, bytes: (sink.bytes() - before) / cost.calls };
  } catch (error) {
    console.error(`${plan.variant}: ${error instanceof Error ? error.message : String(error)}`);
    failed.add(plan.variant);
    return undefined;
  }
}

const failed = new Set<string>();
const modules = new Map<string, number>();
for (const variant of usable) {
  const [first] = CASES;
  const counted = first && (await measure(planOf(variant, first, true)));
  if (counted) modules.set(variant, counted.modules);
}

const results = new Map(CASES.map(({ name }) => [name, new Map<string, Measured[]>()]));
const until = performance.now() + (values.quick ? 0 : Number(values.seconds) * 1000);
let rounds = 0;
while (rounds < ROUNDS.least || (rounds < ROUNDS.most && performance.now() < until)) {
  for (const each of CASES) {
    const runs = results.get(each.name);
    const first = rounds % usable.length;
    for (const variant of [...usable.slice(first), ...usable.slice(0, first)]) {
      const measured = failed.has(variant) ? undefined : await measure(planOf(variant, each, false));
      if (measured) runs?.set(variant, [...(runs.get(variant) ?? []), measured]);
    }
  }
  rounds++;
}
const growths = new Map<string, Growth>();
if (values.growth) {
  const client = { clientFolder: clientFolderOf("none"), calls: GROWTH_CALLS };
  growths.set("none", await runGrowth({ ...client, sdkFolder: undefined, endpoint: NOBODY }));
  growths.set("server present", await runGrowth({ ...client, sdkFolder: SDK_FOLDER, endpoint: sink.address }));
  growths.set("server absent", await runGrowth({ ...client, sdkFolder: SDK_FOLDER, endpoint: NOBODY }));
}
sink.close();

for (const { name, chunks } of CASES) {
  const runs = new Map(Array.from(results.get(name) ?? []).filter(([variant]) => !failed.has(variant)));
  console.log(`\n${name}; medians of ${rounds} rounds, added to what no instrumentation costs in the same round`);
  console.table(costTable(runs, modules, chunks));
  console.log("times the floor, and times the best peer (below 1 is better than every peer)");
  console.table(ratioTable(runs, OURS));
}
console.log(
  "\nimport and initialize in a fresh process, beyond an empty program (budgets: log mode 10 ms, sending 60 ms)",
);
console.table(importTimes(SDK_FOLDER));
if (growths.size > 0)
  console.log(`\nMB held after each fifth of ${GROWTH_CALLS} calls (heap after a full collection; process)`);
for (const [name, { heap, rss }] of growths) console.log(`${name}: heap ${heap.join(" ")}; process ${rss.join(" ")}`);
for (const name of skipped) console.log(`${name}: skipped, it could not be installed`);
for (const name of failed) console.log(`${name}: left out, it did not run (see above)`);
if (failed.has("none") || OURS.some((name) => failed.has(name))) process.exitCode = 1;
