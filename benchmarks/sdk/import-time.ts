import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Fewer, and one slow start decides. */
const RUNS = 21;

/**
 * What a program pays for the SDK before its own first line, in ms: the median time of fresh processes that import it
 * and begin, beyond that of an empty program, run in turn.
 */
export function importTimes(sdkFolder: string): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const folder = mkdtempSync(join(tmpdir(), "telltale-start-"));
  const entry = JSON.stringify(pathToFileURL(join(sdkFolder, "dist", "index.js")).href);
  const programs: Readonly<Record<string, string>> = {
    empty: "",
    "log mode": `import { initialize } from ${entry}; initialize({ mode: "log" });`,
    sending: `import { initialize } from ${entry}; initialize({ endpoint: "http://127.0.0.1:1" });`,
  };
  const times = new Map(Object.keys(programs).map((name) => [name, [] as number[]]));
  for (const [name, text] of Object.entries(programs))
    writeFileSync(join(folder, `${name}.mjs`), text + "\nprocess.exit();");
  // The first of each reads the disk.
  for (let run = 0; run <= RUNS; run++) {
    for (const [name, taken] of times) {
      const begun = performance.now();
      spawnSync(process.execPath, [join(folder, `${name}.mjs`)]);
      if (run > 0) taken.push(performance.now() - begun);
    }
  }
  rmSync(folder, { recursive: true });
  const floor = median(times.get("empty") ?? []);
  const rows = Array.from(
    times,
    ([name, taken]) => [name, { "added ms": (median(taken) - floor).toFixed(1) }] as const,
  );
  return Object.fromEntries(rows.filter(([name]) => name !== "empty"));
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((first, second) => first - second)[numbers.length >> 1] ?? 0;
}
