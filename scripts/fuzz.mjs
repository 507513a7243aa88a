#!/usr/bin/env node
/*
 * Mutated recordings by the million through every decoder and dialect:
 * `node --conditions=development scripts/fuzz.mjs [millions=1] [seed=1]`. Ends with 1 at the first that fails, or where
 * memory grew. For a night: 20.
 */
import { fuzz } from "../packages/server/src/testing/fuzz.ts";
import { recordedSeeds } from "../packages/server/src/testing/fuzz-seeds.ts";

/** Inputs of one seed; each round tells of itself. */
const ROUND = 50_000;
/** Memory may be this much above what it was after the first round; real leaks of one kB an input pass it in a minute. */
const GROWTH = 512 * 1024 * 1024;
/** No input of at most 64 KiB may take longer; a machine that does something else meanwhile is given ten times the usual. */
const LONGEST_MS = 2_000;

const [millions = "1", first = "1"] = process.argv.slice(2);
const seeds = recordedSeeds();
const rounds = Math.max(1, Math.ceil((Number(millions) * 1_000_000) / ROUND));
let settled = 0;
for (let round = 0; round < rounds; round++) {
  const seed = Number(first) + round;
  const figures = fuzz(seeds, ROUND, seed);
  const memory = process.memoryUsage.rss();
  settled ||= memory;
  process.stdout.write(`${JSON.stringify({ seed, ...figures, residentMB: Math.round(memory / 2 ** 20) })}\n`);
  if (figures.slowestMs > LONGEST_MS || memory - settled > GROWTH) {
    process.stderr.write("an input took too long, or memory grew\n");
    process.exit(1);
  }
}
