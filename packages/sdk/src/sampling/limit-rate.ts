const SECOND_MS = 1000;
/** Weight of the last second in what the next one is expected to bring. */
const WEIGHT = 0.5;

/**
 * Keeps so many traces a second: by a ratio that follows how many there were, so that what is kept
 * is spread over the second and its probability is known; and never more than `most`.
 */
export class RateLimit {
  readonly #most: number;
  #second = 0;
  #offered = 0;
  #kept = 0;
  #expected: number | undefined;

  constructor(most: number) {
    this.#most = most;
  }

  /** The ratio for a trace that is decided now, `now` in ms of any clock that only goes forward. */
  ratio(now: number): number {
    this.#turn(now);
    if (this.#kept + 1 > this.#most) return 0;
    return this.#expected === undefined ? 1 : Math.min(1, this.#most / Math.max(1, this.#expected));
  }

  /** A trace was decided. */
  decided(kept: boolean, now: number): void {
    this.#turn(now);
    this.#offered++;
    if (kept) this.#kept++;
  }

  #turn(now: number): void {
    const passed = Math.floor(now / SECOND_MS) - this.#second;
    if (passed <= 0) return;
    const before = this.#expected ?? this.#offered;
    if (this.#second > 0) this.#expected = passed > 2 ? 0 : before * (1 - WEIGHT) + this.#offered * WEIGHT;
    this.#second += passed;
    this.#offered = 0;
    this.#kept = 0;
  }
}
