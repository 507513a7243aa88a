import { begin } from "./begin.ts";
import { debug, messageOf, warn } from "./diagnostics.ts";
import type { InitializeOptions } from "./initialize-options.ts";
import { Settings } from "./options/settings.ts";
import { tellUnknownOptions } from "./options/unknown-options.ts";
import { environment } from "./platform/surroundings.ts";
import type { ExportCounts } from "./export-counts.ts";
import { runtime } from "./runtime.ts";

/**
 * Begins to watch this process: model calls from now on, and `withSpan`. Call it once, as early
 * as possible. After `register`, the options given here take the place of those that it began with;
 * any other second call changes nothing, and says so. Never throws.
 */
export function initialize(options: InitializeOptions = {}): void {
  start(options, false);
}

/** What `register` does: options come from the environment, until `initialize` brings some. */
export function initializeFromEnvironment(): void {
  start({}, true);
}

function start(options: InitializeOptions, isRegister: boolean): void {
  try {
    if (runtime.pipeline !== undefined) return startAgain(options);
    // As it is now: the program may change it before the rest is loaded.
    const settings = new Settings(environment());
    tellUnknownOptions(options);
    const disabled = { option: "disabled", given: options.disabled, variables: ["OTEL_SDK_DISABLED"] };
    if (settings.flag(disabled, false)) return;
    runtime.isRegistered = isRegister;
    begin(options, settings);
  } catch (error) {
    debug(`initialize failed, nothing is watched: ${messageOf(error)}`);
  }
}

function startAgain(options: InitializeOptions): void {
  const names = Object.keys(options);
  if (names.length === 0) return debug("initialize was called again; the first call counts.");
  if (runtime.isRegistered !== true)
    return warn(
      `initialize was called before: ${names.join(", ")} is ignored. Call it once, or shutdown() in between.`,
    );
  for (const undo of runtime.taps.splice(0)) undo();
  // What was seen so far goes where it was meant to go, and calls that are under way go where the new options say.
  const { pipeline } = runtime;
  runtime.pipeline = undefined;
  void pipeline?.shutdown();
  start(options, false);
}

/** Sends what is finished. Resolves when it arrived or was given up, after `timeoutMs` (30 s) at the latest. */
export async function flush(timeoutMs?: number): Promise<void> {
  await runtime.pipeline?.flush(milliseconds(timeoutMs));
}

/** Ends what is open, sends everything and stops watching. `initialize` may follow. */
export async function shutdown(told?: number): Promise<void> {
  const timeoutMs = milliseconds(told);
  await runtime.pipeline?.loaded;
  const { pipeline } = runtime;
  if (pipeline === undefined) return;
  for (const undo of runtime.taps.splice(0)) undo();
  for (const open of runtime.open) open.abandon();
  const begun = Date.now();
  pipeline.leave();
  await pipeline.flush(timeoutMs);
  // Calls that turned out to wait for an answer from the background, while they were sent.
  for (const open of runtime.open) open.abandon();
  await pipeline.shutdown(timeoutMs === undefined ? undefined : Math.max(0, begun + timeoutMs - Date.now()));
  if (runtime.pipeline === pipeline) runtime.pipeline = undefined;
}

/** A time to wait, from programs without types too. */
function milliseconds(told: unknown): number | undefined {
  return typeof told === "number" && !Number.isNaN(told) ? told : undefined;
}

/** What became of the spans so far; undefined while nothing is watched. */
export function exportCounts(): ExportCounts | undefined {
  return runtime.pipeline?.counts();
}
