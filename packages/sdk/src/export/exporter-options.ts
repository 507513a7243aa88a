import type { PlatformWait } from "../platform-wait.ts";
import type { Sampling } from "../sampling/read-sampling-options.ts";
import type { Wire } from "../wire.ts";
import type { Sender } from "./batch-encoder.ts";
import type { OutletOptions } from "./outlet-options.ts";
import type { SpanLimits } from "./span-limits.ts";

/** What the exporter is made with; times in ms. */
export interface ExporterOptions extends Sender, OutletOptions {
  readonly captureContent: boolean;
  readonly wires: readonly Wire[];
  /** Where a platform ends or freezes the program after an answer. */
  readonly wait?: PlatformWait | undefined;
  /** Each span in a request of its own, at once. */
  readonly single: boolean;
  /** Memory that unsent spans may hold. */
  readonly maxQueueBytes: number;
  /** Spans that may wait in memory. */
  readonly maxQueueSpans: number;
  /** Spans in a request at most. */
  readonly batchSpans: number;
  /** How long the first span of a request waits for others. */
  readonly batchIntervalMs: number;
  readonly limits: SpanLimits;
  /** Undefined where everything is sent. */
  readonly sampling: Sampling | undefined;
  /** Where requests wait on disk for a server that is away. */
  readonly spool: { readonly directory: string; readonly maxBytes: number } | undefined;
}
