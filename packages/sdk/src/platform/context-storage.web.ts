import { debug, messageOf } from "../diagnostics.ts";

/** What keeps track of the piece of program that is running. */
export interface ContextStorage<T> {
  getStore(): T | undefined;
  run<Values extends unknown[], R>(store: T, work: (...values: Values) => R, ...values: Values): R;
  /** From here on, as far as the place can tell. */
  enterWith(store: T): void;
}

/** Where a process that this realm lies in keeps its own, as `context-storage.ts` has it. */
const STORAGE = Symbol.for("@telltale/sdk/1");

type Storages = new <T>() => ContextStorage<T>;

/**
 * Makes the storage: the place's own `AsyncLocalStorage` where there is one (edge functions have it as a global, workerd
 * with `nodejs_compat` as Node's), else a stack. `ambient` tells what is going on in the whole page, without what only begins.
 */
export function makeContextStorage<T>(ambient: (but?: T) => T | undefined): ContextStorage<T> {
  const Own = asyncLocalStorage();
  if (Own === undefined) return new StackStorage(isPage() ? ambient : undefined);
  return harmless((Reflect.get(Own, STORAGE) as ContextStorage<T> | undefined) ?? new Own<T>());
}

function asyncLocalStorage(): Storages | undefined {
  const own: unknown = Reflect.get(globalThis, "AsyncLocalStorage");
  if (typeof own === "function") return own as Storages;
  try {
    const place = Reflect.get(globalThis, "process") as { getBuiltinModule?(name: string): unknown } | undefined;
    const hooks = place?.getBuiltinModule?.("node:async_hooks") as { AsyncLocalStorage?: Storages } | undefined;
    return hooks?.AsyncLocalStorage;
  } catch {
    return undefined;
  }
}

/** Workers know `enterWith` and refuse it. */
function harmless<T>(storage: ContextStorage<T>): ContextStorage<T> {
  return {
    getStore: () => storage.getStore(),
    run: (store, work, ...values) => storage.run(store, work, ...values),
    enterWith: (store) => {
      try {
        storage.enterWith(store);
      } catch (error) {
        debug(`What was set outside of a span is not kept here: ${messageOf(error)}`, { once: true });
      }
    },
  };
}

/** Whether this serves one person: a server's isolate serves many, and must never take one for another. */
function isPage(): boolean {
  return ["document", "DedicatedWorkerGlobalScope", "SharedWorkerGlobalScope"].some((name) => name in globalThis);
}

/**
 * A stack: it knows what is running until the first `await`. In a page, what runs later belongs to what is open at that
 * time (`ambient`); elsewhere to nothing, unless `bind` or `runWith` tell.
 */
class StackStorage<T> implements ContextStorage<T> {
  readonly #ambient: ((but?: T) => T | undefined) | undefined;
  readonly #stack: T[] = [];
  /** What the rest of this turn belongs to, after work in it was begun and is now open. */
  #turn: { readonly store: T | undefined } | undefined;
  /** For the whole page, from `enterWith`. */
  #page: T | undefined;

  constructor(ambient: ((but?: T) => T | undefined) | undefined) {
    this.#ambient = ambient;
  }

  getStore(): T | undefined {
    return this.#stack.length > 0 ? this.#stack.at(-1) : this.#around();
  }

  #around(begun?: T): T | undefined {
    return this.#turn === undefined ? (this.#ambient?.(begun) ?? this.#page) : this.#turn.store;
  }

  run<Values extends unknown[], R>(store: T, work: (...values: Values) => R, ...values: Values): R {
    if (this.#stack.length === 0) this.#holdTurn(this.#around(store));
    const depth = this.#stack.push(store) - 1;
    try {
      return work(...values);
    } finally {
      this.#stack.length = depth;
    }
  }

  enterWith(store: T): void {
    if (this.#stack.length > 0) this.#stack[this.#stack.length - 1] = store;
    else if (this.#ambient !== undefined) {
      this.#page = store;
      this.#turn = undefined;
    } else this.#holdTurn(store);
  }

  /** Asked for before the work runs, so that what the work itself goes on with comes after the end of this turn. */
  #holdTurn(store: T | undefined): void {
    const held = { store };
    this.#turn = held;
    queueMicrotask(() => {
      if (this.#turn === held) this.#turn = undefined;
    });
  }
}
