import { runtime, type ToldCall } from "../runtime.ts";
import type { SpanRecord } from "../span/span-record.ts";
import { ToldRun, type ToldStart } from "./told-run.ts";

/** APIs that are asked on the way to a model's answer, by the names of their wires. */
const ASIDE = /embed|rerank|moderation/;

/**
 * A model call that a framework tells of. Where requests of it are seen leaving, they are the call:
 * each attempt is a span with everything that was sent and came back, and stands where the run would.
 * Only what leaves unseen (a model in this process, an API without a wire) is told by the run itself.
 */
export class ToldModelCall extends ToldRun implements ToldCall {
  /** The answer came out of a cache of the framework. */
  cached = false;
  #requests = 0;
  #hasAsides = false;
  /** Failed attempts of a call that has nothing above it: one trace, whether or not another follows. */
  readonly #kept: SpanRecord[] = [];

  /** The call that was told together with this one: which of the two a request is of cannot be seen. */
  readonly #leader: ToldModelCall | undefined;

  readonly #aside: RegExp;

  /** `aside`: the wires whose requests are no answer of this model. */
  constructor(start: ToldStart, leader?: ToldModelCall, aside: RegExp = ASIDE) {
    super(start);
    this.#leader = leader;
    this.#aside = aside;
    this.scope.call = this;
    if (this.above !== undefined) this.host = this.above;
  }

  /** Whether requests of this call were seen, and tell of it. */
  get isSeen(): boolean {
    return (this.#leader ?? this).#requests > 0 && !this.cached;
  }

  override enter(): void {
    if (this.#leader === undefined) super.enter();
    else this.#leader.enter();
  }

  began(wire: string): void {
    if (this.#aside.test(wire)) this.#hasAsides = true;
    else this.#requests++;
  }

  ended(span: SpanRecord, mayBeRepeated: boolean): boolean {
    this.seen();
    if (this.above !== undefined) return false;
    if (mayBeRepeated && this.open) {
      this.#kept.push(span);
      return true;
    }
    this.#place(span);
    return false;
  }

  /** Alone, the request is the root of the trace; of several, the run is. */
  #place(span: SpanRecord): void {
    if (!this.hasSpan() && span.parentSpanId === this.span?.spanId) span.parentSpanId = undefined;
  }

  protected override hasSpan(): boolean {
    if (!this.isSeen) return true;
    return this.#leader === undefined && this.above === undefined && (this.#requests > 1 || this.#hasAsides);
  }

  protected override closed(): void {
    for (const span of this.#kept.splice(0)) {
      this.#place(span);
      runtime.pipeline?.add(span);
    }
  }
}
