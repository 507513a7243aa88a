import { AsyncLocalStorage } from "node:async_hooks";

// How every copy of @langchain/core and langsmith finds the others: one storage for the whole
// process under this symbol (@langchain/core's singletons/async_local_storage/globals, langsmith's
// singletons/traceable). Both look there for each call, and neither replaces what is there.
const SLOT = Symbol.for("ls:tracing_async_local_storage");
const VARIABLES = Symbol.for("lc:context_variables");
const CHILD_CONFIG = Symbol.for("lc:child_config");
/** Under this name LangChain keeps the hooks that `registerConfigureHook` was given; each copy has a symbol of its own. */
const CONFIGURE_HOOKS = "lc:configure_hooks";
/** The context variable that holds our handler. */
const HANDLER_VARIABLE = "telltale";
/** As `registerConfigureHook({ contextVar, inheritable })` writes it. */
const HOOK = Object.freeze({ contextVar: HANDLER_VARIABLE, inheritable: true });

type Storage = Pick<AsyncLocalStorage<unknown>, "getStore" | "run" | "enterWith" | "exit" | "disable">;
/** Runs the work of a LangChain run, whose id is known where LangChain is about to run something inside it. */
export type RunInside = <T>(runId: string, work: () => T) => T;

/**
 * The storage that LangChain asks for its context, with one more context variable in every
 * context: our handler, registered as a configure hook. The rest is what the storage that was there
 * before (or LangChain would have made) holds.
 */
class TracingStorage implements Storage {
  readonly inner: Storage;
  readonly #handler: object;
  readonly #runInside: RunInside;
  readonly #added = new WeakSet<object>();
  readonly #outside: object;

  constructor(inner: Storage, handler: object, runInside: RunInside) {
    this.inner = inner;
    this.#handler = handler;
    this.#runInside = runInside;
    this.#outside = { [VARIABLES]: this.#variables({}) };
  }

  getStore(): unknown {
    return this.inner.getStore() ?? this.#outside;
  }

  run<R, A extends unknown[]>(store: unknown, work: (...values: A) => R, ...values: A): R {
    this.#add(store);
    const runId = parentRunIdOf(store);
    const inside = (): R => this.inner.run(store, work, ...values);
    return runId === undefined ? inside() : this.#runInside(runId, inside);
  }

  enterWith(store: unknown): void {
    this.#add(store);
    this.inner.enterWith(store);
  }

  exit<R, A extends unknown[]>(work: (...values: A) => R, ...values: A): R {
    return this.inner.exit(work, ...values);
  }

  disable(): void {
    this.inner.disable();
  }

  #add(store: unknown): void {
    if (typeof store !== "object" || store === null) return;
    const variables: unknown = Reflect.get(store, VARIABLES);
    const known = typeof variables === "object" && variables !== null ? variables : {};
    if (!this.#added.has(known)) Reflect.set(store, VARIABLES, this.#variables(known));
  }

  /** What the program set shows through; LangChain copies it by its keys, and ours is none of them. */
  #variables(known: object): object {
    const variables = new Proxy(known, {
      get: (target, name): unknown => {
        if (name === HANDLER_VARIABLE) return this.#handler;
        const value: unknown = Reflect.get(target, name);
        if (typeof name !== "symbol" || name.description !== CONFIGURE_HOOKS) return value;
        return Array.isArray(value) ? [...(value as readonly unknown[]), HOOK] : [HOOK];
      },
    });
    this.#added.add(variables);
    return variables;
  }
}

/** The run that something is about to run in: the parent run of the callbacks in LangChain's configuration. */
function parentRunIdOf(store: unknown): string | undefined {
  if (typeof store !== "object" || store === null) return undefined;
  const extra: unknown = Reflect.get(store, "extra");
  if (typeof extra !== "object" || extra === null) return undefined;
  const callbacks = (Reflect.get(extra, CHILD_CONFIG) as { callbacks?: unknown } | undefined)?.callbacks;
  if (typeof callbacks !== "object" || callbacks === null) return undefined;
  const id: unknown = Reflect.get(callbacks, "_parentRunId");
  return typeof id === "string" ? id : undefined;
}

/** Makes LangChain give every run to `handler`. Answers with the undo function. */
export function registerHandler(handler: object, runInside: RunInside): () => void {
  const before = Reflect.get(globalThis, SLOT) as Storage | undefined;
  const storage = new TracingStorage(before ?? new AsyncLocalStorage(), handler, runInside);
  Reflect.set(globalThis, SLOT, storage);
  return () => {
    // Contexts that LangChain entered meanwhile stay known: they are in the inner storage.
    if (Reflect.get(globalThis, SLOT) === storage) Reflect.set(globalThis, SLOT, storage.inner);
  };
}
