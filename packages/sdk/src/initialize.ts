import { loadWatching } from "#watching";
import { DeferredPipeline } from "./deferred-pipeline.ts";
import { debug, messageOf, warn } from "./diagnostics.ts";
import type { InitializeOptions } from "./initialize-options.ts";
import { watchForTheEnd } from "./leave-process.ts";
import { watchDoors } from "./log/doors.ts";
import { readContent } from "./options/read-content.ts";
import { readPropagation } from "./options/read-propagation.ts";
import { readResource } from "./options/read-resource.ts";
import { Settings } from "./options/settings.ts";
import { tellUnknownOptions } from "./options/unknown-options.ts";
import { type ExportCounts, type Pipeline, runtime } from "./runtime.ts";
import type { ContentRules } from "./span/content-rules.ts";
import type { Wire } from "./wire.ts";

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
    const settings = new Settings({ ...process.env });
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

function begin(options: InitializeOptions, settings: Settings): void {
  const place = { option: "mode", given: options.mode, variables: ["TELLTALE_MODE"] };
  const mode = settings.oneOf(place, ["send", "log"], "send");
  const { any, media, vectors, ...content } = readContent(options, settings, mode === "send");
  runtime.inline = { media, vectors };
  runtime.propagation = readPropagation(options, settings);
  const wires: Wire[] = [];
  const facts = { captureContent: any, wires };
  const watch = (): void => {
    const watching = loadWatching();
    wires.push(...watching.wires);
    runtime.taps.push(...watching.watchCalls());
  };
  if (mode === "log") {
    // Nothing is read before there is a call to see, and then at once.
    const log = async (): Promise<Pipeline> => loadWatching().openLog(options, settings, { ...facts, content });
    const pipeline = new DeferredPipeline(facts, log);
    runtime.pipeline = pipeline;
    runtime.taps.push(
      watchDoors(() => {
        watch();
        void pipeline.load();
      }),
    );
  } else {
    const pipeline = new DeferredPipeline(facts, () => openExporter(options, settings, { ...facts, content }));
    runtime.pipeline = pipeline;
    watch();
    void pipeline.load();
  }
  runtime.taps.push(watchForTheEnd());
  if (settings.flag({ option: "join", given: options.join, variables: ["TELLTALE_JOIN"] }, false)) {
    runtime.taps.push(loadWatching().joinProvider());
  }
}

type Facts = Pick<Pipeline, "captureContent" | "wires"> & { readonly content: ContentRules };

// What only sending needs is loaded when it is known that something is sent.
async function openExporter(
  options: InitializeOptions,
  settings: Settings,
  facts: Facts,
): Promise<Pipeline | undefined> {
  const exporter = await import("./export/open-exporter.ts");
  return exporter.openExporter(options, settings, { ...facts, resource: readResource(options, settings) });
}

/** Sends what is finished. Resolves when it arrived or was given up, after `timeoutMs` (30 s) at the latest. */
export async function flush(timeoutMs?: number): Promise<void> {
  await runtime.pipeline?.flush(timeoutMs);
}

/** Ends what is open, sends everything and stops watching. `initialize` may follow. */
export async function shutdown(timeoutMs?: number): Promise<void> {
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

/** What became of the spans so far; undefined while nothing is watched. */
export function exportCounts(): ExportCounts | undefined {
  return runtime.pipeline?.counts();
}
