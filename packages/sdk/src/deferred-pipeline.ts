import { messageOf, warn } from "./diagnostics.ts";
import { type ExportCounts, NO_COUNTS } from "./export-counts.ts";
import type { PlatformWait } from "./platform-wait.ts";
import { type Pipeline, runtime } from "./runtime.ts";
import type { SpanRecord } from "./span/span-record.ts";
import type { Wire } from "./wire.ts";

/** Spans that may wait: loading takes milliseconds, and a program makes no more in that time. */
const MOST_WAITING = 10_000;

/**
 * Stands in for a pipeline whose code is still being loaded, so that `initialize` returns before
 * anything is parsed that only sending needs. Hands over what it kept and gives up its place.
 */
export class DeferredPipeline implements Pipeline {
  readonly captureContent: boolean;
  readonly wires: readonly Wire[];
  #target: Pipeline | undefined;
  #waiting: SpanRecord[] = [];
  #dropped = 0;
  #leaving = false;
  readonly #open: () => Promise<Pipeline | undefined>;
  readonly #wait: PlatformWait | undefined;
  #loaded: Promise<void> | undefined;

  constructor(
    told: { readonly captureContent: boolean; readonly wires: readonly Wire[] },
    open: () => Promise<Pipeline | undefined>,
    wait?: PlatformWait,
  ) {
    this.captureContent = told.captureContent;
    this.wires = told.wires;
    this.#open = open;
    this.#wait = wait;
  }

  /** Undefined while nothing asked for it. */
  get loaded(): Promise<void> | undefined {
    return this.#loaded;
  }

  /** Begins to load, the first time. Never rejects. */
  load(): Promise<void> {
    this.#loaded ??= this.#open().then(
      (target) => this.#handOver(target),
      (error: unknown) => warn(`Nothing is sent, the exporter could not be loaded: ${messageOf(error)}`),
    );
    return this.#loaded;
  }

  add(span: SpanRecord): void {
    if (span.silent) return;
    if (this.#target !== undefined) return this.#target.add(span);
    void this.load();
    this.#wait?.ended(span.traceId);
    if (this.#waiting.length < MOST_WAITING) this.#waiting.push(span);
    else this.#dropped++;
  }

  async flush(timeoutMs?: number): Promise<void> {
    const started = performance.now();
    await this.#loaded;
    await this.#target?.flush(
      timeoutMs === undefined ? undefined : Math.max(0, timeoutMs - (performance.now() - started)),
    );
  }

  leave(): void {
    this.#leaving = true;
    this.#target?.leave();
  }

  sendNow(): void {
    this.#target?.sendNow?.();
  }

  async shutdown(timeoutMs?: number): Promise<void> {
    await this.#loaded;
    await this.#target?.shutdown(timeoutMs);
  }

  counts(): ExportCounts {
    const counts = this.#target?.counts();
    if (counts !== undefined) return { ...counts, droppedQueueFull: counts.droppedQueueFull + this.#dropped };
    return { ...NO_COUNTS, queued: this.#waiting.length, droppedQueueFull: this.#dropped };
  }

  #handOver(target: Pipeline | undefined): void {
    if (target === undefined) {
      this.#dropped += this.#waiting.splice(0).length;
      if (runtime.pipeline === this) runtime.pipeline = undefined;
      return;
    }
    this.#target = target;
    for (const span of this.#waiting.splice(0)) target.add(span);
    if (this.#leaving) target.leave();
    if (runtime.pipeline === this) runtime.pipeline = target;
  }
}
