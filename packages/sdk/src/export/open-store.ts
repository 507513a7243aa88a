import type { ExporterOptions } from "./exporter-options.ts";
import type { RequestStore } from "./request-store.ts";
import { Spool } from "./spool.ts";

/** The place where requests wait for a server that is away; undefined where the options name none. */
export function openStore({ spool, timeoutMs }: ExporterOptions): RequestStore | undefined {
  return spool === undefined ? undefined : new Spool({ ...spool, timeoutMs });
}

/** Calls `work` at the very end of the process; answers with what calls it off. */
export function atExit(work: () => void): () => void {
  process.on("exit", work);
  return () => {
    process.removeListener("exit", work);
  };
}
