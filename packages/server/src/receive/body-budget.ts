import { Refusal } from "./refusal.ts";

/** Bounds the bytes of all request bodies that are in memory at one time. */
export class BodyBudget {
  readonly limit: number;
  #used = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  get used(): number {
    return this.#used;
  }

  /** What one request holds; `release` when it is answered. */
  lease(): BodyLease {
    let held = 0;
    return {
      take: (bytes) => {
        if (this.#used + bytes > this.limit) throw new Refusal(503, "too many large requests at once: try again", 1);
        this.#used += bytes;
        held += bytes;
      },
      give: (bytes) => {
        this.#used -= bytes;
        held -= bytes;
      },
      release: () => {
        this.#used -= held;
        held = 0;
      },
    };
  }
}

/** One request's part of a budget. */
export interface BodyLease {
  /** Throws `Refusal` (503) when the budget has no room. */
  take(bytes: number): void;
  give(bytes: number): void;
  release(): void;
}
