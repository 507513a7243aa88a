#!/usr/bin/env node
/*
 * Mutated recordings by the million through every decoder, dialect and vendor's API:
 * `node --conditions=development scripts/fuzz.mjs [millions=1] [seed=1] [otlp|apis|both]`. Ends with 1 at the first that
 * fails, or where memory grew. For a night: 20.
 */
import { fuzz, timeOf } from "../packages/server/src/testing/fuzz.ts";
import { fuzzApis, timeOfApi } from "../packages/server/src/testing/fuzz-apis.ts";
import { apiSeeds, recordedSeeds } from "../packages/server/src/testing/fuzz-seeds.ts";

/** Inputs of one seed; each round tells of itself. */
const ROUND = 50_000;
/** Memory may be this much above what it was after the first round; real leaks of one kB an input pass it in a minute. */
const GROWTH = 512 * 1024 * 1024;
/** No input of at most 64 KiB may take longer; a machine that does something else meanwhile is given ten times the usual. */
const LONGEST_MS = 2_000;

const otlp = recordedSeeds();
const apis = apiSeeds();
/** @typedef {import('../packages/server/src/testing/fuzz.ts').FuzzFigures} FuzzFigures */

/** @type {Record<string, { run(seed: number): FuzzFigures | Promise<FuzzFigures>; again(seed: number, input: number): number | Promise<number> }>} */
const WAYS = {
  otlp: { run: (seed) => fuzz(otlp, ROUND, seed), again: (seed, input) => timeOf(otlp, seed, input) },
  apis: { run: (seed) => fuzzApis(apis, ROUND, seed), again: (seed, input) => timeOfApi(apis, seed, input) },
};

const [millions = "1", first = "1", which = "both"] = process.argv.slice(2);
const ways = Object.entries(WAYS).filter(([name]) => which === "both" || which === name);
const rounds = Math.max(1, Math.ceil((Number(millions) * 1_000_000) / ROUND / ways.length));
let settled = 0;
for (let round = 0; round < rounds; round++)
  for (const [way, { run, again }] of ways) {
    const seed = Number(first) + round;
    const figures = await run(seed);
    const memory = process.memoryUsage.rss();
    // The slowest is read again: while a machine pauses, any input looks slow.
    const slowestAgainMs = await again(seed, figures.slowest);
    const told = { way, seed, ...figures, slowestAgainMs, residentMB: Math.round(memory / 2 ** 20) };
    process.stdout.write(`${JSON.stringify(told)}\n`);
    if (slowestAgainMs > LONGEST_MS || (settled > 0 && memory - settled > GROWTH)) {
      process.stderr.write("an input took too long, or memory grew\n");
      process.exit(1);
    }
    if (way === ways.at(-1)?.[0]) settled ||= memory;
  }
