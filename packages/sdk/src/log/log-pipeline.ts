import { loadPrices } from "../cost/cost-of-span.ts";
import { debug, messageOf } from "../diagnostics.ts";
import { type ExportCounts, NO_COUNTS } from "../export-counts.ts";
import type { Pipeline } from "../runtime.ts";
import type { SpanRedaction } from "../redact/span-redaction.ts";
import { writeAssociation } from "../span/association.ts";
import type { SpanRecord, SpanStep } from "../span/span-record.ts";
import type { Wire } from "../wire.ts";
import { type CallLine, callLine } from "./call-line.ts";
import { LineWriter } from "./line-writer.ts";
import type { LogDestination } from "./log-destination.ts";

/** What log mode is made with. */
export interface LogOptions {
  readonly captureContent: boolean;
  readonly wires: readonly Wire[];
  readonly to: LogDestination;
  readonly service: string | undefined;
  /** What else happens to a span before anybody sees it. */
  readonly prepare: readonly SpanStep[];
  /** What is done after its secrets are taken out. */
  readonly finish: readonly SpanStep[];
  /** Takes secrets out of what is written; undefined where everything is written as it is. */
  readonly redaction: SpanRedaction | undefined;
}

/** Calls that may wait for the prices, which take some milliseconds once. */
const MOST_WAITING = 1000;
const FLUSH_TIMEOUT_MS = 5000;

/** Writes a line for each model call, after the program's turn. Nothing here throws or blocks. */
export class LogPipeline implements Pipeline {
  readonly captureContent: boolean;
  readonly wires: readonly Wire[];
  readonly #options: LogOptions;
  readonly #writer: LineWriter | undefined;
  #waiting: SpanRecord[] = [];
  #working: Promise<void> | undefined;
  #sent = 0;
  #dropped = 0;
  readonly #atExit = (): void => {
    this.#writeAll();
    this.#writer?.drainAtExit();
  };

  constructor(options: LogOptions) {
    this.#options = options;
    this.captureContent = options.captureContent;
    this.wires = options.wires;
    const { to } = options;
    if (typeof to === "string" || (typeof to === "object" && "file" in to)) this.#writer = new LineWriter(to);
    process.on("exit", this.#atExit);
    // After the start, which does not wait for it, and before the first call is over, which a program may end with.
    setImmediate(() => void this.#load()).unref();
  }

  add(span: SpanRecord): void {
    if (this.#waiting.length >= MOST_WAITING) return void this.#dropped++;
    this.#waiting.push(span);
    this.#working ??= this.#work();
  }

  async flush(timeoutMs: number = FLUSH_TIMEOUT_MS): Promise<void> {
    while (this.#working !== undefined) await this.#working;
    await this.#writer?.flush(timeoutMs);
  }

  leave(): void {}

  async shutdown(timeoutMs?: number): Promise<void> {
    await this.flush(timeoutMs);
    process.removeListener("exit", this.#atExit);
    this.#writer?.close();
  }

  counts(): ExportCounts {
    const queued = this.#waiting.length + (this.#writer?.waiting ?? 0);
    const full = this.#dropped + (this.#writer?.dropped ?? 0);
    const sent = this.#writer?.written ?? this.#sent;
    return { ...NO_COUNTS, sent, queued, droppedQueueFull: full };
  }

  async #load(): Promise<void> {
    await Promise.all([loadPrices(), this.#options.redaction?.load()]);
  }

  async #work(): Promise<void> {
    await this.#load();
    await new Promise((resolve) => setImmediate(resolve));
    this.#working = undefined;
    this.#writeAll();
  }

  #writeAll(): void {
    for (const span of this.#waiting.splice(0)) {
      try {
        if (span.unread?.complete() === false) continue;
        const { prepare, finish, redaction, service } = this.#options;
        for (const step of prepare) step(span);
        writeAssociation(span.attributes, span);
        redaction?.applyNow(span);
        for (const step of finish) step(span);
        const line = callLine(span, service);
        if (line !== undefined) this.#write(line);
      } catch (error) {
        this.#dropped++;
        debug(`A line of the log was left out: ${messageOf(error)}`);
      }
    }
  }

  #write(line: CallLine): void {
    const { to } = this.#options;
    if (this.#writer !== undefined) return this.#writer.write(JSON.stringify(line));
    if (typeof to === "function") to(line);
    else if (typeof to === "object" && "info" in to) to.info(line, line.msg);
    this.#sent++;
  }
}
