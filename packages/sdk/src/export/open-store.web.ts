import type { ExporterOptions } from "./exporter-options.ts";
import type { RequestStore } from "./request-store.ts";

/** There is no disk here. */
export function openStore(_options: ExporterOptions): RequestStore | undefined {
  return undefined;
}

/** There is no end that could be waited for: `leave-process.web.ts` looks for the last moments. */
export function atExit(_work: () => void): () => void {
  return () => {};
}
