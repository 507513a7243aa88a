import { comparePositions, JOURNAL_START, type Position } from "../journal/journal.ts";

interface Waiter {
  readonly position: Position;
  readonly wake: () => void;
}

/** How far the journal is in the store, for those who wait until what they appended can be asked for. */
export class StoredPosition {
  #stored: Position = JOURNAL_START;
  readonly #waiters = new Set<Waiter>();

  /** Tells that everything before `position` is stored. */
  advance(position: Position): void {
    this.#stored = position;
    for (const waiter of this.#waiters) if (comparePositions(waiter.position, position) <= 0) waiter.wake();
  }

  /** Resolves with true when everything before `position` is stored, and with false when that takes too long. */
  reached(position: Position, patienceMs: number): Promise<boolean> {
    if (comparePositions(position, this.#stored) <= 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      const end = (isStored: boolean): void => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        resolve(isStored);
      };
      const waiter = { position, wake: () => end(true) };
      const timer = setTimeout(() => end(false), patienceMs);
      timer.unref();
      this.#waiters.add(waiter);
    });
  }
}
