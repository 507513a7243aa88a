import { property, textOf } from "../hook/read-object.ts";
import { ToldModelCall } from "../hook/told-model-call.ts";
import { ToldRun, type ToldStart } from "../hook/told-run.ts";
import { currentScope, runtime, type Scope } from "../runtime.ts";

/** Runs that nobody ends cost no more memory than this: LlamaIndex does not tell of failures. */
const MOST_OPEN = 10_000;

/** Who dispatched an event: LlamaIndex's `EventCaller`, whose parents are the calls around it. */
export interface Caller {
  readonly id: string | undefined;
  /** Its own id and those of the callers around it. */
  readonly chain: readonly string[];
}

/** The caller of an event; it is not kept alive. */
export function callerOf(reason: unknown): Caller {
  const chain: string[] = [];
  for (let caller = reason; typeof caller === "object" && caller !== null; caller = property(caller, "parent")) {
    const id = textOf(caller, "id");
    if (id === undefined || chain.length > 100) break;
    chain.push(id);
  }
  return { id: chain[0], chain };
}

interface OpenRun {
  readonly run: ToldRun;
  readonly kind: string;
  readonly caller: Caller;
}

// Holds no reference to the caller: when nothing goes on inside it any more, the run is over.
const lost = new FinalizationRegistry<() => void>((abandon) => abandon());

/** The runs between their start events and their end events, by the ids that LlamaIndex gives them. */
export class EventRuns {
  readonly #open = new Map<string, OpenRun>();
  readonly #byScope = new WeakMap<Scope, OpenRun>();
  #latest: OpenRun | undefined;

  /** Begins a run where its event is dispatched; what follows there belongs to it. */
  begin(key: string, kind: string, name: string, reason: unknown): ToldRun {
    const caller = callerOf(reason);
    const outer = this.#outer(kind, caller);
    const start: ToldStart = { name, outer };
    const run = kind === "llm" ? new ToldModelCall(start) : new ToldRun(start);
    const open = { run, kind, caller };
    this.#open.set(key, open);
    this.#byScope.set(run.scope, open);
    run.enter();
    this.#latest = open;
    queueMicrotask(() => {
      if (this.#latest === open) this.#latest = undefined;
    });
    if (typeof reason === "object" && reason !== null) lost.register(reason, () => this.take(key)?.abandon());
    if (this.#open.size > MOST_OPEN) this.#abandonOldest();
    return run;
  }

  get(key: string): ToldRun | undefined {
    return this.#open.get(key)?.run;
  }

  /** For the last time: ending it is left to the caller. */
  take(key: string): ToldRun | undefined {
    const run = this.get(key);
    this.#open.delete(key);
    return run;
  }

  abandonAll(): void {
    for (const { run } of this.#open.values()) run.abandon();
    this.#open.clear();
  }

  #abandonOldest(): void {
    for (const key of this.#open.keys()) return this.take(key)?.abandon();
  }

  /**
   * What really encloses the event. A run's context may still be active where its neighbour begins: one
   * that another caller began, or that began in the same breath and is of the same kind.
   */
  #outer(kind: string, { chain }: Caller): Scope | undefined {
    let scope = runtime.pipeline === undefined ? undefined : currentScope();
    for (;;) {
      const open = scope === undefined ? undefined : this.#byScope.get(scope);
      if (open === undefined) return scope;
      const id = open.caller.id;
      const isAround = id === undefined || chain.includes(id);
      const isNeighbour = open === this.#latest && open.kind === kind && id === chain[0];
      if (isAround && !isNeighbour && open.run.open) return scope;
      scope = open.run.scope.outer;
    }
  }
}
