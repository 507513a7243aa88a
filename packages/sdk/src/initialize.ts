import { debug, messageOf } from "./diagnostics.ts";
import { hooks } from "./hooks/index.ts";
import { BatchExporter } from "./export/batch-exporter.ts";
import { installHooks } from "./hook/install-hooks.ts";
import type { InitializeOptions } from "./initialize-options.ts";
import { watchForTheEnd } from "./leave-process.ts";
import { isDisabled, readOptions } from "./read-options.ts";
import { type ExportCounts, runtime } from "./runtime.ts";
import { tapFetch } from "./tap/tap-fetch.ts";
import { tapHttp } from "./tap/tap-http.ts";
import { tapHttp2 } from "./tap/tap-http2.ts";
import { tapPostgres } from "./tap/tap-postgres.ts";
import { tapUndici } from "./tap/tap-undici.ts";

/**
 * Begins to watch this process: model calls from now on, and `withSpan`. Call it once, as early
 * as possible; a second call changes nothing. Never throws.
 */
export function initialize(options: InitializeOptions = {}): void {
  try {
    if (runtime.pipeline !== undefined) return debug("initialize was called again; the first call counts.");
    if (isDisabled(options, process.env)) return;
    const read = readOptions(options, process.env);
    if (read === undefined) return;
    runtime.pipeline = new BatchExporter(read);
    // Not at once, so that starting does not wait for the rules, and not with the first span, which a program may end with.
    setImmediate(() => void read.redaction?.load()).unref();
    runtime.taps.push(
      tapFetch(),
      tapUndici(),
      tapHttp(),
      tapHttp2(),
      tapPostgres(),
      installHooks(hooks),
      watchForTheEnd(),
    );
  } catch (error) {
    debug(`initialize failed, nothing is watched: ${messageOf(error)}`);
  }
}

/** Sends what is finished. Resolves when it arrived or was given up, after `timeoutMs` (30 s) at the latest. */
export async function flush(timeoutMs?: number): Promise<void> {
  await runtime.pipeline?.flush(timeoutMs);
}

/** Ends what is open, sends everything and stops watching. `initialize` may follow. */
export async function shutdown(timeoutMs?: number): Promise<void> {
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

/** What became of the spans so far; undefined while nothing is watched. */
export function exportCounts(): ExportCounts | undefined {
  return runtime.pipeline?.counts();
}
