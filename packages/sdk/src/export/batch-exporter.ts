import { debug, messageOf } from "../diagnostics.ts";
import { afterTurn, startTimer, stopTurn, type Timer, turn, type Turn } from "../platform/timers.ts";
import type { ExportCounts } from "../export-counts.ts";
import type { Pipeline } from "../runtime.ts";
import type { SpanRecord } from "../span/span-record.ts";
import type { Wire } from "../wire.ts";
import { BatchEncoder } from "./batch-encoder.ts";
import { Dispatcher, type Fate } from "./dispatcher.ts";
import type { ExporterOptions } from "./exporter-options.ts";
import { Haste } from "./haste.ts";
import { openOutlet } from "./open-outlet.ts";
import { atExit, openStore } from "./open-store.ts";
import type { Outlet } from "./outlet.ts";
import type { Parcel } from "./otlp-request.ts";
import { MissedSpans } from "../sampling/missed-spans.ts";
import { SamplingStage } from "./sampling-stage.ts";
import { Tally } from "./tally.ts";

/** A request is also closed when its spans hold so much. */
const BATCH_BYTES = 1024 * 1024;
/** A flush that nobody bounded. */
const FLUSH_TIMEOUT_MS = 30_000;
/** Requests from the disk between two from memory: what is new waits in memory meanwhile. */
const DRAINED_BETWEEN = 4;
/** Of the memory for unsent spans, what traces may hold that nothing is decided of yet. */
const HELD_SHARE = 0.5;
/** A timer is not set for less: what is due at once is due again at once when it fails. */
const SHORTEST_WAIT_MS = 50;
/** So many of the newest spans are looked through for calls below one that there is no room for. */
const NEARBY = 100;
/** What the end of a program may be held up by writing to disk, roughly. */
const LAST_WORK_MS = 1000;

/** Keeps finished spans, bounded by the bytes they hold, and sends them in batches. */
export class BatchExporter implements Pipeline {
  readonly captureContent: boolean;
  readonly wires: readonly Wire[];
  readonly #options: ExporterOptions;
  readonly #encoder: BatchEncoder;
  readonly #haste = new Haste();
  readonly #tally = new Tally();
  readonly #outlet: Outlet;
  readonly #dispatcher: Dispatcher;
  #sampling: SamplingStage | undefined;
  #queue: SpanRecord[] = [];
  #heldBytes = 0;
  #added = 0;
  #done = 0;
  #timer: Timer | undefined;
  #immediate: Turn | undefined;
  #working: Promise<void> | undefined;
  #encoding: readonly SpanRecord[] = [];
  #underWay: Parcel | undefined;
  #closed = false;
  readonly #waiters = new Set<{ readonly goal: number; readonly reached: () => void }>();
  #callOff: (() => void) | undefined;

  constructor(options: ExporterOptions) {
    this.#options = options;
    this.captureContent = options.captureContent;
    this.wires = options.wires;
    this.#encoder = new BatchEncoder(options, options.limits);
    this.#outlet = openOutlet(options);
    const kept = openStore(options);
    this.#dispatcher = new Dispatcher(this.#outlet, kept, this.#haste, this.#tally);
    if (options.sampling !== undefined) this.#stage();
    if (kept === undefined) return;
    this.#callOff = atExit(() => this.#keepTheRest());
    // What an earlier process left behind.
    this.#later(options.batchIntervalMs);
  }

  add(span: SpanRecord): void {
    if (span.silent) return;
    const { maxQueueBytes, maxQueueSpans, batchSpans, single } = this.#options;
    const isFull = this.#heldBytes + span.heldBytes > maxQueueBytes || this.#queue.length >= maxQueueSpans;
    if (this.#closed || isFull || this.#sampling?.repeatsLost(span) === true) return this.#lose(span);
    this.#queue.push(span);
    this.#added++;
    this.#heldBytes += span.heldBytes;
    this.#options.wait?.ended(span.traceId);
    if (this.#working !== undefined) return;
    if (single || this.#queue.length >= batchSpans || this.#heldBytes >= BATCH_BYTES) this.#soon();
    else this.#later(this.#options.batchIntervalMs);
  }

  async flush(timeoutMs: number = FLUSH_TIMEOUT_MS): Promise<void> {
    this.#dispatcher.hurry();
    const release = this.#haste.hurry(timeoutMs);
    const deadline = Promise.withResolvers<void>();
    // Not unref'd: while somebody waits, the program is not over.
    const timer = setTimeout(deadline.resolve, timeoutMs);
    // What ends in these moments is meant too: a stream that was just left tells so a turn later.
    await turn();
    for (let pass = 0; pass < 2; pass++) await this.#reach(this.#added, deadline.promise);
    clearTimeout(timer);
    release();
  }

  /** Waits until the first `goal` spans are settled, or until `deadline`; what comes after them is not waited for. */
  async #reach(goal: number, deadline: Promise<void>): Promise<void> {
    const reached = Promise.withResolvers<void>();
    const waiter = { goal, reached: reached.resolve };
    this.#waiters.add(waiter);
    while (!this.#isSettled(goal) && this.#haste.left > 0) {
      this.#work();
      if (this.#working === undefined) break;
      const waits = [this.#working, deadline];
      await Promise.race(this.#done < goal ? [...waits, reached.promise] : waits);
    }
    this.#waiters.delete(waiter);
  }

  async shutdown(timeoutMs?: number): Promise<void> {
    this.leave();
    await this.flush(timeoutMs);
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#callOff?.();
    this.#dispatcher.stop();
    this.#keepTheRest();
    this.#outlet.close();
  }

  leave(): void {
    this.#haste.leaving = true;
  }

  sendNow(): void {
    const { sendNow } = this.#outlet;
    if (sendNow === undefined || this.#queue.length === 0) return;
    const left = this.#queue.splice(0);
    const held = left.reduce((sum, span) => sum + span.heldBytes, 0);
    this.#giveTheRest(left, (parcel) => {
      sendNow(parcel);
      if (parcel.request.signal === "traces") this.#tally.sent += parcel.request.count;
    });
    this.#settle(left.length, held);
  }

  counts(): ExportCounts {
    return this.#tally.counts(this.#added - this.#done);
  }

  /** There is no room for a span; its call is told among the sums. */
  #lose(span: SpanRecord): void {
    this.#tally.lost.queueFull++;
    debug("Spans are dropped: they come faster than the server takes them.", { once: true });
    if (!this.#closed) this.#stage().lose(span, [...this.#encoding, ...this.#queue.slice(-NEARBY)]);
  }

  /** Where there is no sampling, it counts what is lost. */
  #stage(): SamplingStage {
    const { sampling, maxQueueBytes } = this.#options;
    this.#sampling ??= new SamplingStage(sampling, maxQueueBytes * HELD_SHARE, {
      dropped: (count, heldBytes) => {
        this.#tally.sampledOut += count;
        this.#settle(count, heldBytes);
      },
    });
    return this.#sampling;
  }

  /** Everything is sent, kept on disk or given up; the disk is empty, where the server is there; the sums are told. */
  #isSettled(goal: number): boolean {
    if (this.#done < goal) return false;
    return (this.#haste.leaving || this.#dispatcher.nextDrainIn !== 0) && this.#sampling?.hasSums !== true;
  }

  /** Whether there is work although nothing new came. */
  #isDue(): boolean {
    return this.#dispatcher.nextDrainIn === 0 || this.#sampling?.nextWorkIn(this.#haste.hurried) === 0;
  }

  #settle(count: number, heldBytes: number): void {
    this.#heldBytes -= heldBytes;
    this.#done += count;
    for (const { goal, reached } of this.#waiters) if (this.#done >= goal) reached();
  }

  #soon(): void {
    this.#immediate ??= afterTurn(() => this.#work());
  }

  #later(ms: number): void {
    this.#timer ??= startTimer(() => this.#work(), ms);
  }

  #work(): void {
    clearTimeout(this.#timer);
    if (this.#immediate !== undefined) stopTurn(this.#immediate);
    this.#timer = undefined;
    this.#immediate = undefined;
    if (this.#working !== undefined) return;
    // A timer may ring a little early.
    if (this.#queue.length === 0 && !this.#isDue()) return this.#arm();
    this.#working = this.#sendAll()
      .catch((error: unknown) => debug(`Sending failed: ${messageOf(error)}`))
      .finally(() => {
        this.#working = undefined;
        this.#arm();
      });
    return undefined;
  }

  /** Sets the timer for what comes next, if anything does. */
  #arm(): void {
    const next = Math.min(
      this.#queue.length > 0 ? this.#options.batchIntervalMs : Number.POSITIVE_INFINITY,
      this.#dispatcher.nextDrainIn ?? Number.POSITIVE_INFINITY,
      this.#sampling?.nextWorkIn(false) ?? Number.POSITIVE_INFINITY,
    );
    if (Number.isFinite(next) && !this.#closed) this.#later(Math.max(next, SHORTEST_WAIT_MS));
  }

  async #sendAll(): Promise<void> {
    const { batchSpans, single } = this.#options;
    let draining: boolean;
    // Short queues wait for the timer; long ones, and everything in a hurry, go on at once.
    do {
      await this.#sendBatch();
      const isLast = this.#haste.hurried && this.#queue.length === 0;
      await this.#sampling?.report(this.#encoder, this.#dispatcher, isLast);
      draining = !this.#haste.leaving && (await this.#dispatcher.drain(DRAINED_BETWEEN));
    } while (
      draining ||
      this.#queue.length >= batchSpans ||
      (this.#queue.length > 0 && (single || this.#haste.hurried))
    );
  }

  async #sendBatch(): Promise<void> {
    const taken = this.#takeBatch();
    this.#encoding = taken;
    // A trace is torn when half of it still waits here.
    const isAll = this.#haste.hurried && this.#queue.length === 0;
    const spans = (await this.#sampling?.sift(taken, isAll)) ?? taken;
    this.#encoding = spans;
    // Sampling can let go of many at once.
    while (spans.length > 0) await this.#sendSome(spans);
  }

  async #sendSome(spans: SpanRecord[]): Promise<void> {
    const { parcel, used, shortened } = await this.#encoder.encode(spans.slice(0, this.#batchSpans));
    // The record of a span is done with: from here on its bytes count, and they only.
    const taken = spans.splice(0, used);
    const held = taken.reduce((sum, span) => sum + span.heldBytes, 0);
    const missed = new MissedSpans(taken);
    this.#tally.shortened += shortened;
    this.#sampling?.sent(held, parcel.request);
    this.#underWay = parcel;
    const fate = this.#dispatcher.dispatch({ ...parcel, missed: missed.keep });
    await fate.then((told) => this.#tell(told, missed)).finally(() => this.#settle(used, held));
  }

  /** Counts what is lost, before anybody takes it for settled. */
  async #tell(fate: Fate, missed: MissedSpans): Promise<void> {
    this.#underWay = undefined;
    if (fate === "arrived") this.#sampling?.arrived();
    // At the end of a program, a server that is away would never hear of it.
    const isHopeless = this.#haste.leaving && this.#options.spool === undefined;
    if (fate === "refused" || (fate === "lost" && !isHopeless)) await this.#stage().loseAll(missed.spans);
  }

  get #batchSpans(): number {
    return this.#options.single ? 1 : this.#options.batchSpans;
  }

  #takeBatch(): SpanRecord[] {
    const most = this.#batchSpans;
    let bytes = 0;
    let count = 0;
    while (count < most && count < this.#queue.length && (count === 0 || bytes < BATCH_BYTES)) {
      bytes += this.#queue[count]?.heldBytes ?? 0;
      count++;
    }
    return this.#queue.splice(0, count);
  }

  /** The process ends now, or nobody will send any more: with a spool, what is left goes to the disk. */
  #keepTheRest(): void {
    if (this.#options.spool === undefined) return;
    if (this.#underWay !== undefined) this.#dispatcher.keepNow(this.#underWay.request);
    this.#giveTheRest([...this.#encoding, ...this.#queue], ({ request }) => this.#dispatcher.keepNow(request));
    this.#queue = [];
  }

  #giveTheRest(left: readonly SpanRecord[], give: (parcel: Parcel) => void): void {
    const end = performance.now() + LAST_WORK_MS;
    const encoder = new BatchEncoder(this.#options, this.#options.limits);
    let spans = this.#sampling?.siftNow(left) ?? left;
    while (spans.length > 0 && performance.now() < end) {
      const { parcel, used } = encoder.encodeNow(spans);
      give(parcel);
      spans = spans.slice(used);
    }
    for (const request of this.#sampling?.reportNow(encoder) ?? []) give({ request, halves: () => undefined });
  }
}
