/** Lets a bounded number through at one time; who comes later waits, first come first served. */
export class Turns {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(limit: number) {
    this.#free = limit;
  }

  /** Calls `start` now, or when it is its turn. Returns how to end the turn, or to wait no longer; calling it again does nothing. */
  take(start: () => void): () => void {
    let state: "waiting" | "running" | "over" = "waiting";
    const run = (): void => {
      this.#free--;
      state = "running";
      start();
    };
    if (this.#free > 0) run();
    else this.#waiting.add(run);
    return () => {
      if (state === "waiting") this.#waiting.delete(run);
      if (state === "running") this.#leave();
      state = "over";
    };
  }

  #leave(): void {
    this.#free++;
    const [next] = this.#waiting;
    if (next === undefined) return;
    this.#waiting.delete(next);
    next();
  }
}
