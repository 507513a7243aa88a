import { DeferredPipeline } from "./deferred-pipeline.ts";
import { warn } from "./diagnostics.ts";
import type { InitializeOptions } from "./initialize-options.ts";
import { watchForTheEnd } from "./leave-process.ts";
import { loadExporter } from "./load-exporter.ts";
import { PlatformWait } from "./platform-wait.ts";
import { readContent } from "./options/read-content.ts";
import { readPropagation } from "./options/read-propagation.ts";
import type { Settings } from "./options/settings.ts";
import { runtime } from "./runtime.ts";
import { tapFetch } from "./tap/tap-fetch.ts";
import { wires } from "./wires/index.ts";

/** Begins to watch and to send, as the options say. */
export function begin(options: InitializeOptions, settings: Settings): void {
  const { any, media, vectors, ...content } = readContent(options, settings, true);
  runtime.inline = { media, vectors };
  runtime.propagation = readPropagation(options, settings);
  const facts = { captureContent: any, wires };
  const usable = withoutNode(options);
  const wait = new PlatformWait(options.waitUntil);
  const pipeline = new DeferredPipeline(facts, () => loadExporter(usable, settings, { ...facts, content, wait }), wait);
  runtime.pipeline = pipeline;
  runtime.taps.push(tapFetch(), watchForTheEnd());
  void pipeline.load();
}

/** The options without those that need Node, which are told. */
function withoutNode(options: InitializeOptions): InitializeOptions {
  const { mode, logTo, join, spool, protocol, ...usable } = options;
  const asked = { "mode: log": mode === "log", logTo, join, spool, "protocol: grpc": protocol === "grpc" };
  const names = Object.entries(asked).flatMap(([name, told]) => (told === undefined || told === false ? [] : [name]));
  if (names.length > 0) warn(`${names.join(", ")} needs Node, and is ignored in browsers and workers.`);
  return protocol === undefined || protocol === "grpc" ? usable : { ...usable, protocol };
}
