import { Losable } from "../losable.ts";
import { currentScope, runtime, type Scope, type ToldCall } from "../runtime.ts";
import { finishSpan } from "../span/active-span.ts";
import { inherit, type PromptReference, type SettableValue } from "../span/association.ts";
import { now } from "../span/clock.ts";
import { recordError } from "../span/record-error.ts";
import type { RemoteContext } from "../span/remote-context.ts";
import type { SpanRecord } from "../span/span-record.ts";
import { startSpan } from "../span/start-span.ts";

/** Spans of runs: one that is active may be a neighbour's, whose context the framework left behind. */
const toldSpans = new WeakSet<SpanRecord>();

/** How a run begins. */
export interface ToldStart {
  readonly name: string;
  /** The run that the framework names as the parent. */
  readonly parent?: ToldRun | undefined;
  /** No span of its own: what runs below it hangs from the next run above that has one. */
  readonly folded?: boolean;
  /** What is active where it begins, where that is known better. */
  readonly outer?: Scope | undefined;
  /** When it began, in ms since 1970, where that is told later; else now. */
  readonly startTime?: number | undefined;
}

/**
 * A piece of work that a framework tells of by its start and its end, in places that are not one
 * function call. Ends once, by whoever tells first; one that nobody ends is ended when the object
 * it was told with is thrown away, by `shutdown`, or with the process.
 */
export class ToldRun extends Losable {
  readonly parent: ToldRun | undefined;
  /** Undefined when folded. */
  readonly span: SpanRecord | undefined;
  /** What this hangs from. */
  readonly above: SpanRecord | undefined;
  /** What runs below this hangs from. */
  host: SpanRecord | undefined;
  readonly scope: ToldScope;
  /** Fills the span when the run fails or is left lying. */
  unfinished: ((span: SpanRecord) => void) | undefined;
  #open = true;
  #lastSeen: number;

  constructor({ name, parent, folded = false, outer: active = currentScope(), startTime }: ToldStart) {
    super();
    const outer = stillOpen(active);
    this.parent = parent;
    this.above = within(parent?.host, outer?.span);
    this.span = folded ? undefined : startSpan(name, 1, surroundings(this.above, parent?.scope ?? outer));
    if (this.span !== undefined && startTime !== undefined) Object.assign(this.span, { startTime });
    this.host = this.span ?? this.above;
    this.scope = new ToldScope(this, outer);
    this.#lastSeen = now();
    if (this.span !== undefined) {
      toldSpans.add(this.span);
      runtime.open.add(this);
    }
    this.seen();
  }

  get open(): boolean {
    return this.#open;
  }

  /** Something happened in this run or below it. */
  seen(): void {
    this.#lastSeen = now();
    for (let run = this.parent; run !== undefined; run = run.parent) run.#lastSeen = this.#lastSeen;
  }

  /** What follows in this piece of asynchronous program belongs to the run until it ends. */
  enter(): void {
    runtime.storage.enterWith(this.scope);
  }

  /** Ends the run, at `endTime` or now; `describe` fills its span, when it has one and is still open. */
  end(describe?: (span: SpanRecord) => void, endTime?: number): void {
    if (!this.#open) return;
    this.seen();
    this.#close(describe, endTime);
  }

  fail(error: unknown): void {
    this.end((span) => {
      this.unfinished?.(span);
      recordError(span, error);
    });
  }

  /** Nobody will tell of its end any more: it was over when something was last seen of it. */
  abandon(): void {
    if (!this.#open) return;
    const describe = (span: SpanRecord): void => {
      this.unfinished?.(span);
      span.attributes.set("telltale.outcome", "abandoned");
    };
    this.#close(describe, this.#lastSeen);
  }

  #close(describe: ((span: SpanRecord) => void) | undefined, endTime?: number): void {
    this.#open = false;
    runtime.open.delete(this);
    this.heldBy(undefined);
    this.closed();
    if (this.span === undefined || !this.hasSpan()) return;
    describe?.(this.span);
    finishSpan(this.span, endTime);
  }

  /** The run is over, in whatever way. */
  protected closed(): void {}

  /** Asked at the end. */
  protected hasSpan(): boolean {
    return true;
  }
}

/** Of contexts left behind only those that still mean something: a loop would make a chain without end. */
function stillOpen(scope: Scope | undefined): Scope | undefined {
  let found = scope;
  while (found instanceof ToldScope && !found.isOpen) found = found.outer;
  return found;
}

function surroundings(span: SpanRecord | undefined, from: Scope | undefined): Scope {
  return { span, tapped: false, silent: from?.silent, remote: from?.remote, ...inherit(from) };
}

/** The context of a run, and after its end the context around it: a framework may leave it behind. */
class ToldScope implements Scope {
  readonly tapped: boolean;
  readonly remote: RemoteContext | undefined;
  call: ToldCall | undefined;
  sessionId?: string | undefined;
  userId?: string | undefined;
  agentName?: string | undefined;
  tags?: readonly string[] | undefined;
  metadata?: ReadonlyMap<string, SettableValue> | undefined;
  prompt?: PromptReference | undefined;
  captureContent?: boolean | undefined;
  /** What was active where the run began. */
  readonly outer: Scope | undefined;
  readonly #run: ToldRun;

  constructor(run: ToldRun, outer: Scope | undefined) {
    this.#run = run;
    this.outer = outer;
    this.tapped = outer?.tapped ?? false;
    this.call = outer?.call;
    this.remote = outer?.remote;
    Object.assign(this, inherit(run.span ?? run.parent?.scope ?? outer));
  }

  get isOpen(): boolean {
    return this.#run.open;
  }

  get span(): SpanRecord | undefined {
    return this.#run.open ? this.#run.host : this.outer?.span;
  }
}

/**
 * What a new run hangs from: the run above, or a span that the program itself opened inside that
 * run and that is active where the new one starts.
 */
function within(host: SpanRecord | undefined, active: SpanRecord | undefined): SpanRecord | undefined {
  if (host === undefined) return active;
  if (active === undefined || active.traceId !== host.traceId || toldSpans.has(active)) return host;
  return active.startTime >= host.startTime ? active : host;
}

/** Runs `work` in the context of a run, unless a span that the program opened inside it is active. */
export function runInside<T>(run: ToldRun | undefined, work: () => T): T {
  const scope = currentScope();
  if (run === undefined || !run.open || run.host === undefined) return work();
  return within(run.host, scope?.span) === scope?.span ? work() : runtime.storage.run(run.scope, work);
}
