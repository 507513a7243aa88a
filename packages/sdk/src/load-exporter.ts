import type { InitializeOptions } from "./initialize-options.ts";
import { readResource } from "./options/read-resource.ts";
import type { Settings } from "./options/settings.ts";
import type { PlatformWait } from "./platform-wait.ts";
import type { Pipeline } from "./runtime.ts";
import type { ContentRules } from "./span/content-rules.ts";

type Facts = Pick<Pipeline, "captureContent" | "wires"> & {
  readonly content: ContentRules;
  readonly wait: PlatformWait;
};

/** What only sending needs is loaded when it is known that something is sent. Undefined when no endpoint is usable. */
export async function loadExporter(
  options: InitializeOptions,
  settings: Settings,
  facts: Facts,
): Promise<Pipeline | undefined> {
  const exporter = await import("./export/open-exporter.ts");
  return exporter.openExporter(options, settings, { ...facts, resource: readResource(options, settings) });
}
