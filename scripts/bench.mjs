/*
 * npm run bench: every program of benchmarks/, one after the other; `npm run bench -- ingest` runs that one.
 * They measure what is published, so it is built first.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { runSteps, stepOf } from "./run-steps.mjs";
import { buildWhenNeeded } from "./source/build-when-needed.mjs";

const folder = join(import.meta.dirname, "..", "benchmarks");
const names = readdirSync(folder)
  .filter((name) => name.endsWith(".bench.ts"))
  .map((name) => name.slice(0, -".bench.ts".length));
const [wanted, ...parameters] = process.argv.slice(2);
const chosen = names.filter((name) => wanted === undefined || name === wanted);
if (chosen.length === 0) {
  console.error(`No benchmark ${wanted ?? "is there yet"}. There are: ${names.join(", ")}.`);
  process.exitCode = 2;
} else if ((await buildWhenNeeded()) !== 0) process.exitCode = 1;
else {
  const steps = chosen.map((name) =>
    stepOf({
      name,
      commands: [["--conditions=development", join(folder, `${name}.bench.ts`), ...parameters]],
      hint: "The benchmark's own message is above.",
    }),
  );
  process.exitCode = (await runSteps(steps)) ? 1 : 0;
}
