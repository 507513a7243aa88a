import type { AttributeMap } from "../attribute-value.ts";
import { debug, messageOf } from "../diagnostics.ts";
import type { ExportCounts, Pipeline } from "../runtime.ts";
import type { SpanRecord } from "../span/span-record.ts";
import type { Wire } from "../wire.ts";
import { BatchEncoder } from "./batch-encoder.ts";
import { compress } from "./compress.ts";
import { deliver, type Delivery } from "./deliver.ts";
import { Haste } from "./haste.ts";
import { createPoster, type Poster } from "./post.ts";

/** What the exporter is made with; times in ms. */
export interface ExporterOptions {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly resource: AttributeMap;
  readonly scopeVersion: string;
  readonly captureContent: boolean;
  readonly wires: readonly Wire[];
  readonly compress: boolean;
  /** Each span in a request of its own, at once. */
  readonly single: boolean;
  readonly timeoutMs: number;
  readonly maxQueueBytes: number;
}

/** Spans in a request at most; a request is also closed at {@link BATCH_BYTES}. */
const BATCH_SPANS = 512;
const BATCH_BYTES = 1024 * 1024;
const BATCH_INTERVAL_MS = 1000;
/** A flush that nobody bounded. */
const FLUSH_TIMEOUT_MS = 30_000;

/** Keeps finished spans, bounded by the bytes they hold, and sends them in batches. */
export class BatchExporter implements Pipeline {
  readonly captureContent: boolean;
  readonly wires: readonly Wire[];
  readonly #options: ExporterOptions;
  readonly #poster: Poster;
  readonly #encoder: BatchEncoder;
  readonly #haste = new Haste();
  #queue: SpanRecord[] = [];
  #heldBytes = 0;
  #unsent = 0;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #working: Promise<void> | undefined;
  #closed = false;
  #sent = 0;
  readonly #dropped = { full: 0, refused: 0, unreachable: 0 };

  constructor(options: ExporterOptions) {
    this.#options = options;
    this.captureContent = options.captureContent;
    this.wires = options.wires;
    this.#poster = createPoster(options.url);
    this.#encoder = new BatchEncoder(options.resource, options.scopeVersion);
  }

  add(span: SpanRecord): void {
    if (this.#closed || this.#heldBytes + span.heldBytes > this.#options.maxQueueBytes) {
      this.#dropped.full++;
      debug("Spans are dropped: they come faster than the server takes them.", { once: true });
      return;
    }
    this.#queue.push(span);
    this.#unsent++;
    this.#heldBytes += span.heldBytes;
    if (this.#working !== undefined) return;
    if (this.#options.single || this.#queue.length >= BATCH_SPANS || this.#heldBytes >= BATCH_BYTES) this.#soon();
    else this.#timer ??= setTimeout(() => this.#work(), BATCH_INTERVAL_MS).unref();
  }

  async flush(timeoutMs: number = FLUSH_TIMEOUT_MS): Promise<void> {
    const goal = this.#finished() + this.#unsent;
    const release = this.#haste.hurry(timeoutMs);
    const deadline = Promise.withResolvers<void>();
    // Not unref'd: while somebody waits, the program is not over.
    const timer = setTimeout(deadline.resolve, timeoutMs);
    const isDone = (): boolean => this.#finished() >= goal || this.#haste.left === 0;
    while (!isDone()) {
      this.#work();
      await Promise.race([this.#working, deadline.promise]);
    }
    clearTimeout(timer);
    release();
  }

  async shutdown(timeoutMs?: number): Promise<void> {
    this.leave();
    await this.flush(timeoutMs);
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#poster.close();
  }

  leave(): void {
    this.#haste.leaving = true;
  }

  counts(): ExportCounts {
    return {
      sent: this.#sent,
      queued: this.#unsent,
      droppedQueueFull: this.#dropped.full,
      droppedRefused: this.#dropped.refused,
      droppedUnreachable: this.#dropped.unreachable,
    };
  }

  #finished(): number {
    return this.#sent + this.#dropped.refused + this.#dropped.unreachable;
  }

  #soon(): void {
    this.#immediate ??= setImmediate(() => this.#work());
  }

  #work(): void {
    clearTimeout(this.#timer);
    if (this.#immediate !== undefined) clearImmediate(this.#immediate);
    this.#timer = undefined;
    this.#immediate = undefined;
    if (this.#working !== undefined || this.#queue.length === 0) return;
    this.#working = this.#sendAll()
      .catch((error: unknown) => debug(`Sending failed: ${messageOf(error)}`))
      .finally(() => {
        this.#working = undefined;
        if (this.#queue.length > 0) this.#timer ??= setTimeout(() => this.#work(), BATCH_INTERVAL_MS).unref();
      });
  }

  async #sendAll(): Promise<void> {
    // Short queues wait for the timer; long ones, and everything in a hurry, go on at once.
    do {
      const spans = this.#takeBatch();
      const pieces = await this.#encoder.encode(spans);
      const delivery = pieces.count === 0 ? "sent" : await this.#deliver(pieces.bytes);
      this.#settle(spans, delivery);
    } while (
      this.#queue.length >= BATCH_SPANS ||
      (this.#queue.length > 0 && (this.#options.single || this.#haste.hurried))
    );
  }

  #takeBatch(): SpanRecord[] {
    const most = this.#options.single ? 1 : BATCH_SPANS;
    let bytes = 0;
    let count = 0;
    while (count < most && count < this.#queue.length && (count === 0 || bytes < BATCH_BYTES)) {
      bytes += this.#queue[count]?.heldBytes ?? 0;
      count++;
    }
    return this.#queue.splice(0, count);
  }

  async #deliver(pieces: readonly Buffer[]): Promise<Delivery> {
    const { headers, timeoutMs } = this.#options;
    const sent = this.#options.compress ? [await compress(Buffer.concat(pieces))] : pieces;
    const all: Record<string, string> = { ...headers, "content-type": "application/x-protobuf" };
    if (this.#options.compress) all["content-encoding"] = "gzip";
    return deliver(this.#poster, sent, { headers: all, timeoutMs }, this.#haste);
  }

  #settle(spans: readonly SpanRecord[], delivery: Delivery): void {
    for (const span of spans) this.#heldBytes -= span.heldBytes;
    this.#unsent -= spans.length;
    if (delivery === "sent") this.#sent += spans.length;
    else this.#dropped[delivery] += spans.length;
  }
}
