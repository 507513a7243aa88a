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
 * The environment of a demo that nobody asked for: without the variables that would make it talk to a real model, which
 * costs money and sends text away.
 */
function withoutRealModel(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { OPENAI_BASE_URL: _url, OPENAI_API_KEY: _key, ...rest } = environment;
  return rest;
}

/**
 * Runs `telltale demo` in a process of its own, as any program that is watched, and passes its lines on.
 *
 * @param asked whether somebody said `--demo`, and not only found an untouched directory
 * @returns the process, to end it when the server is stopped before it is done
 */
export function startDemo(url: string, asked: boolean, note: (line: string) => void): ChildProcess {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const main = fileURLToPath(new URL(`../main.${extension}`, import.meta.url));
  const child = fork(main, ["demo", "--url", url], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: asked ? process.env : withoutRealModel(process.env),
  });
  for (const stream of [child.stdout, child.stderr])
    if (stream) createInterface({ input: stream }).on("line", (line) => note(`  demo  ${line}`));
  child.on("error", (error) => note(`  demo  could not be started: ${error.message}`));
  child.on("exit", (code) => {
    if (code === 0) note(`  demo  done; look at ${url}`);
    else if (code !== null) note(`  demo  ended with ${code}; try again with: telltale demo --url ${url}`);
  });
  return child;
}
