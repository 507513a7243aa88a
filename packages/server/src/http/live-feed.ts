import type { LiveTrace, TraceSummary } from "../api-types.ts";

/** One event of the live feed. */
export interface LiveEvent {
  /** Rises; also from one start of the server to the next. */
  readonly id: number;
  /** `resync`: events were missed and are gone; ask for the list again. */
  readonly event: "trace" | "resync";
  /** JSON of `LiveTrace`; `{}` for `resync`. */
  readonly data: string;
}

/** Where live events come from. */
export interface LiveSource {
  /**
   * Calls back for every event behind the id `after`, those kept from before at once, then each
   * as it comes; from now on when `after` is absent. Returns the way to stop. The listener must
   * not throw and may stop the subscription while it is called.
   */
  subscribe(after: number | undefined, listener: (event: LiveEvent) => void): () => void;
}

/** Events kept for readers that come back: of a trace that grew only the newest is. */
const KEPT_EVENTS = 1_000;

/** The traces that changed last, for readers of the live feed. Bounded, whoever reads or does not. */
export class LiveFeed implements LiveSource {
  readonly #kept = new Map<string, LiveEvent>();
  readonly #listeners = new Set<(event: LiveEvent) => void>();
  readonly #most: number;
  #lastId: number;
  /** The newest id that is gone and was not replaced by a newer event of its trace. */
  #forgotten: number;

  /** Ids begin at the time in microseconds, so that they rise over restarts, too. */
  constructor(most: number = KEPT_EVENTS, firstId: number = Date.now() * 1000) {
    this.#most = most;
    this.#lastId = firstId;
    this.#forgotten = firstId;
  }

  /** Tells every reader of a trace that is new or grew. */
  push(trace: TraceSummary): void {
    const live: LiveTrace = { trace };
    const event: LiveEvent = { id: ++this.#lastId, event: "trace", data: JSON.stringify(live) };
    const key = `${trace.project}/${trace.traceId}`;
    // Deleted first: the map is in order of the newest event, so that its first is the oldest.
    this.#kept.delete(key);
    this.#kept.set(key, event);
    if (this.#kept.size > this.#most) this.#forgetOldest();
    for (const listener of this.#listeners) listener(event);
  }

  #forgetOldest(): void {
    const [oldest] = this.#kept;
    if (!oldest) return;
    this.#kept.delete(oldest[0]);
    this.#forgotten = oldest[1].id;
  }

  subscribe(after: number | undefined, listener: (event: LiveEvent) => void): () => void {
    let active = true;
    const guarded = (event: LiveEvent): void => {
      if (active) listener(event);
    };
    if (after !== undefined) this.#replay(after, guarded);
    if (active) this.#listeners.add(guarded);
    return () => {
      active = false;
      this.#listeners.delete(guarded);
    };
  }

  #replay(after: number, listener: (event: LiveEvent) => void): void {
    if (after < this.#forgotten || after > this.#lastId)
      return listener({ id: this.#lastId, event: "resync", data: "{}" });
    for (const event of this.#kept.values()) if (event.id > after) listener(event);
  }
}
