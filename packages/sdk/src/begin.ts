import { loadWatching } from "#watching";
import { DeferredPipeline } from "./deferred-pipeline.ts";
import { warn } from "./diagnostics.ts";
import type { InitializeOptions } from "./initialize-options.ts";
import { watchForTheEnd } from "./leave-process.ts";
import { watchDoors } from "./log/doors.ts";
import { loadExporter } from "./load-exporter.ts";
import { PlatformWait } from "./platform-wait.ts";
import { readContent } from "./options/read-content.ts";
import { readPropagation } from "./options/read-propagation.ts";
import type { Settings } from "./options/settings.ts";
import { type Pipeline, runtime } from "./runtime.ts";
import type { Wire } from "./wire.ts";

/** The first Node that has all that is needed; see `engines` in package.json. */
const NEEDED_NODE = "22.15";

/** Begins to watch and to send, or to write lines, as the options say. */
export function begin(options: InitializeOptions, settings: Settings): void {
  // Asked for by what is missing: Bun and Deno tell of a Node that they are not. The program goes on unwatched.
  if (!("withResolvers" in Promise)) {
    warn(`Nothing is watched: this is Node ${process.versions.node}, and Node ${NEEDED_NODE} or newer is needed.`);
    return;
  }
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
    const wait = new PlatformWait(options.waitUntil);
    const load = (): Promise<Pipeline | undefined> => loadExporter(options, settings, { ...facts, content, wait });
    const pipeline = new DeferredPipeline(facts, load, wait);
    runtime.pipeline = pipeline;
    watch();
    void pipeline.load();
  }
  runtime.taps.push(watchForTheEnd());
  if (settings.flag({ option: "join", given: options.join, variables: ["TELLTALE_JOIN"] }, false)) {
    runtime.taps.push(loadWatching().joinProvider());
  }
}
