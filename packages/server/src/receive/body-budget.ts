import type { Buffer } from "node:buffer";
import { BodyPool } from "./body-pool.ts";
import { Refusal } from "./refusal.ts";

/** Bounds the bytes of all request bodies that are in memory at one time. */
export class BodyBudget {
  readonly limit: number;
  readonly #pool = new BodyPool();
  #used = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  get used(): number {
    return this.#used;
  }

  /** What one request holds; `release` when it is answered. */
  lease(): BodyLease {
    const pool = this.#pool;
    let held = 0;
    let pooled: Buffer | undefined;
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
      buffer: (bytes) => (pooled ??= pool.take(bytes)),
      release: () => {
        this.#used -= held;
        held = 0;
        if (pooled !== undefined) pool.give(pooled);
        pooled = undefined;
      },
    };
  }
}

/** One request's part of a budget. */
export interface BodyLease {
  /** Throws `Refusal` (503) when the budget has no room. */
  take(bytes: number): void;
  give(bytes: number): void;
  /** A buffer of at least `bytes` that is used again after `release`, if one is free; at most one. */
  buffer(bytes: number): Buffer | undefined;
  /** Afterwards nobody may read the request's body any more. */
  release(): void;
}
