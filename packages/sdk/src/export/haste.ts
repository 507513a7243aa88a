import { startTimer } from "../platform/timers.ts";
import type { Patience } from "./deliver.ts";

/** Attempts for a batch when the program is about to end: a server that is away will not be back by then. */
const LAST_ATTEMPTS = 2;

/** Whether somebody waits for the queue to be empty, and until when. */
export class Haste implements Patience {
  readonly #deadlines = new Set<number>();
  readonly #waiting = new Set<() => void>();
  /** True once the program is about to end. */
  leaving = false;

  /** True while a flush is waiting. */
  get hurried(): boolean {
    return this.#deadlines.size > 0;
  }

  /** Begins a hurry of `timeoutMs`, cutting every wait short; answers with what ends it. */
  hurry(timeoutMs: number): () => void {
    const deadline = Date.now() + timeoutMs;
    this.#deadlines.add(deadline);
    for (const wake of this.#waiting) wake();
    return () => this.#deadlines.delete(deadline);
  }

  /** Milliseconds until the last of those who wait gives up; endless when nobody waits. */
  get left(): number {
    return this.hurried ? Math.max(0, Math.max(...this.#deadlines) - Date.now()) : Number.POSITIVE_INFINITY;
  }

  exhausted(attempts: number): boolean {
    return this.left === 0 || (this.leaving && attempts >= LAST_ATTEMPTS);
  }

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const wait = Math.min(ms, this.left);
      // Nobody waits: then the end of the program does not wait either.
      const timer = this.hurried ? setTimeout(wake, wait) : startTimer(wake, wait);
      this.#waiting.add(wake);
    });
  }
}
