import { debug, messageOf } from "../diagnostics.ts";
import { field } from "../json/read-json.ts";
import type { LineTarget } from "./log-destination.ts";

// Not imported: the names of an import from node:fs load all of its streams, which takes 5 ms.
const { closeSync, constants, fstatSync, openSync, write, writeSync } = process.getBuiltinModule("node:fs");

/** Lines that may wait for a reader that is slow; further ones are dropped and counted. */
const MOST_WAITING_BYTES = 1024 * 1024;
const RETRY_MS = 50;

/**
 * Writes lines without ever making the program wait: where the reader of a pipe is slow they wait
 * here, bounded, and where it is gone they are dropped. The program's own streams are not touched,
 * so that nothing about their errors or their order changes.
 */
export class LineWriter {
  readonly #descriptor: number;
  readonly #own: boolean;
  /** Writing may have to wait for the reader, and is left to a thread that may. */
  readonly #waits: boolean;
  #writing = false;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #broken = false;
  written = 0;
  dropped = 0;

  /** Throws when the file cannot be opened. */
  constructor(target: LineTarget) {
    ({ descriptor: this.#descriptor, own: this.#own, waits: this.#waits } = opened(target));
  }

  /** Lines that wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  write(line: string): void {
    const bytes = Buffer.from(`${line}\n`);
    if (this.#broken || this.#waitingBytes + bytes.length > MOST_WAITING_BYTES) {
      this.dropped++;
      return debug("Lines of the log are dropped: nobody reads them, or not fast enough.", { once: true });
    }
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.drain();
  }

  /** Writes what can be written without waiting. */
  drain(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waits) return this.#handOver();
    for (let first = this.#waiting[0]; first !== undefined && !this.#broken; first = this.#waiting[0]) {
      const count = this.#attempt(first);
      if (count === 0) break;
      this.#wrote(first, count);
    }
    if (this.#waiting.length > 0) this.#timer = setTimeout(() => this.drain(), RETRY_MS).unref();
  }

  /** The last chance, when nothing asynchronous runs any more. */
  drainAtExit(): void {
    if (!this.#waits) return this.drain();
    if (this.#writing) return;
    for (const line of this.#waiting.splice(0)) this.#attempt(line);
  }

  /** Resolves when everything is written or given up, after `timeoutMs` at the latest. */
  async flush(timeoutMs: number): Promise<void> {
    const end = performance.now() + timeoutMs;
    for (this.drain(); this.#waiting.length > 0 && performance.now() < end; this.drain()) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(RETRY_MS, timeoutMs)));
    }
  }

  close(): void {
    this.drain();
    clearTimeout(this.#timer);
    this.#broken = true;
    if (this.#own) closeSync(this.#descriptor);
  }

  #handOver(): void {
    const first = this.#waiting[0];
    if (first === undefined || this.#writing || this.#broken) return;
    this.#writing = true;
    write(this.#descriptor, first, (error, count) => {
      this.#writing = false;
      if (error === null) this.#wrote(first, count);
      else if (!isBusy(error)) return this.#break(error);
      if (error === null) this.#handOver();
      else this.#timer = setTimeout(() => this.drain(), RETRY_MS).unref();
    });
  }

  #wrote(line: Buffer, count: number): void {
    this.#waitingBytes -= count;
    if (count < line.length) {
      this.#waiting[0] = line.subarray(count);
      return;
    }
    this.#waiting.shift();
    this.written++;
  }

  #attempt(bytes: Buffer): number {
    try {
      return writeSync(this.#descriptor, bytes);
    } catch (error) {
      if (!isBusy(error)) this.#break(error);
      return 0;
    }
  }

  #break(error: unknown): void {
    debug(`The log ends here: ${messageOf(error)}`);
    this.#broken = true;
    this.dropped += this.#waiting.length;
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}

function isBusy(error: unknown): boolean {
  return field(error, "code") === "EAGAIN";
}

interface Opened {
  readonly descriptor: number;
  readonly own: boolean;
  readonly waits: boolean;
}

function opened(target: LineTarget): Opened {
  if (typeof target === "object") return { descriptor: openSync(target.file, "a"), own: true, waits: false };
  const descriptor = target === "stdout" ? 1 : 2;
  try {
    const stats = fstatSync(descriptor);
    // A pipe or a terminal is opened once more, so that only ours does not block.
    if (stats.isFIFO() || stats.isCharacterDevice()) {
      const flags = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
      return { descriptor: openSync(`/dev/${target}`, flags), own: true, waits: false };
    }
    if (stats.isFile()) return { descriptor, own: false, waits: false };
  } catch {
    // No such way on this system.
  }
  // A socket, as Node gives its children, cannot be opened once more.
  return { descriptor, own: false, waits: true };
}
