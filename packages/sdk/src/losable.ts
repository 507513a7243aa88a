import { startTimer, type Timer } from "./platform/timers.ts";
import type { Open } from "./runtime.ts";

/** Most programs read an answer at once: only for what waits longer the collector of garbage is asked. */
const READ_WITHIN_MS = 1000;
/** So many may be waited for at once: a worker's timer ends with the request that began it. */
const MOST_FRESH = 1000;

const fresh = new Set<Losable>();
let timer: Timer | undefined;

/** Emptied when the end is told: what was registered once is kept, with all it holds, until a large collection. */
interface Registered {
  losable: Losable | undefined;
}

const lost = new FinalizationRegistry<Registered>(({ losable }) => losable?.abandon());

/** Something that is over when the object is thrown away by which the program would bring it to its end. */
export abstract class Losable implements Open {
  /** Held on to for a moment, and then no more. */
  #holder: object | undefined;
  #registered: Registered | undefined;

  abstract abandon(): void;

  /** What the program has now; undefined when the end is told in any case. */
  heldBy(holder: object | undefined): void {
    if (this.#registered !== undefined) this.#forget(this.#registered);
    this.#holder = holder;
    if (holder === undefined) fresh.delete(this);
    else wait(this);
  }

  letGo(): void {
    if (this.#holder === undefined) return;
    this.#registered = { losable: this };
    lost.register(this.#holder, this.#registered, this.#registered);
    this.#holder = undefined;
  }

  #forget(registered: Registered): void {
    lost.unregister(registered);
    registered.losable = undefined;
    this.#registered = undefined;
  }
}

function wait(losable: Losable): void {
  fresh.add(losable);
  if (fresh.size > MOST_FRESH) letAllGo();
  else timer ??= startTimer(letAllGo, READ_WITHIN_MS);
}

function letAllGo(): void {
  clearTimeout(timer);
  timer = undefined;
  for (const losable of fresh) losable.letGo();
  fresh.clear();
}
