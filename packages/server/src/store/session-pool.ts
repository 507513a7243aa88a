import { StoreError } from "../store.ts";

/** Callers that may wait for a session; one more is told to come back. Each holds its SQL and little else. */
const MOST_WAITING = 1000;

/** Hands a few sessions out, one caller each, first come first served: a session runs one statement at a time. */
export class SessionPool<Session> {
  readonly #idle: Session[];
  readonly #size: number;
  readonly #waiting: ((session: Session) => void)[] = [];
  #closed = false;
  #whenIdle: (() => void) | undefined;

  constructor(sessions: readonly Session[]) {
    this.#idle = [...sessions];
    this.#size = sessions.length;
  }

  /** Runs `work` with a session of its own. Throws `unavailable` once closed or when too many wait. */
  async use<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    const session = await this.#take();
    try {
      return await work(session);
    } finally {
      this.#give(session);
    }
  }

  /** Takes no more callers, lets those already here finish, and gives all sessions back. Called once. */
  async close(): Promise<readonly Session[]> {
    this.#closed = true;
    if (this.#idle.length < this.#size) {
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
      });
    }
    return this.#idle.splice(0);
  }

  #take(): Promise<Session> {
    if (this.#closed) throw new StoreError("unavailable", "The store is closed.");
    const session = this.#idle.pop();
    if (session !== undefined) return Promise.resolve(session);
    if (this.#waiting.length >= MOST_WAITING) {
      throw new StoreError("unavailable", "Too many queries are waiting for the engine. Try again in a few seconds.");
    }
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #give(session: Session): void {
    const next = this.#waiting.shift();
    if (next) return next(session);
    this.#idle.push(session);
    if (this.#idle.length === this.#size) this.#whenIdle?.();
  }
}
