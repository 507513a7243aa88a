import { type ChildProcess, fork } from "node:child_process";
import { readdirSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** Whether nothing was ever kept in a directory: it does not exist, or holds nothing. */
export function isUntouched(directory: string): boolean {
  try {
    return readdirSync(directory).length === 0;
  } catch {
    return true;
  }
}

/**
 * Whether `serve` should show the demo: when asked, else on an untouched directory and away from CI, where nobody
 * looks and the numbers would be in the way.
 */
export function wantsDemo(
  asked: string | boolean | undefined,
  untouched: boolean,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  if (typeof asked === "boolean") return asked;
  return untouched && !environment["CI"];
}

/**
 * Runs `telltale demo` in a process of its own, as any program that is watched, and passes its lines on.
 *
 * @returns the process, to end it when the server is stopped before it is done
 */
export function startDemo(url: string, note: (line: string) => void): ChildProcess {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const main = fileURLToPath(new URL(`../main.${extension}`, import.meta.url));
  const child = fork(main, ["demo", "--url", url], { stdio: ["ignore", "pipe", "pipe", "ipc"] });
  for (const stream of [child.stdout, child.stderr])
    if (stream) createInterface({ input: stream }).on("line", (line) => note(`  demo  ${line}`));
  child.on("error", (error) => note(`  demo  could not be started: ${error.message}`));
  child.on("exit", (code) => {
    if (code === 0) note(`  demo  done; look at ${url}`);
    else if (code !== null) note(`  demo  ended with ${code}; try again with: telltale demo --url ${url}`);
  });
  return child;
}
