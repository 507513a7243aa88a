import { isOtherLayer } from "./billing.ts";
import type { SpanFacts } from "./span-facts.ts";
import { hasUsage } from "./span-facts.ts";
import type { TraceState } from "./trace-state.ts";

/** Answers remembered across traces; two layers of one call arrive within minutes of each other. */
const ANSWERS_KEPT = 100_000;

interface Owner {
  readonly traceId: string;
  readonly startTime: bigint;
  readonly endTime: bigint;
  readonly scopeName: string;
}

/**
 * Which trace a provider's answer was counted in. Some SDKs tell one call in two traces
 * (conventions, rule 3): the first to arrive is billed, the other is its shadow.
 */
export class AnswerOwners {
  readonly #owners = new Map<string, Owner>();

  /** Whether another trace owns this span's answer; takes it for this trace when nobody does. */
  isForeign(trace: TraceState, span: SpanFacts): boolean {
    if (span.responseId === "" || !hasUsage(span)) return false;
    const key = `${trace.project}/${span.responseId}`;
    const owner = this.#owners.get(key);
    if (owner && owner.traceId !== trace.traceId && isOtherLayer(owner, span)) return true;
    if (!owner)
      this.#take(key, {
        traceId: trace.traceId,
        startTime: span.startTime,
        endTime: span.endTime,
        scopeName: span.scopeName,
      });
    return false;
  }

  #take(key: string, owner: Owner): void {
    this.#owners.set(key, owner);
    if (this.#owners.size <= ANSWERS_KEPT) return;
    for (const oldest of this.#owners.keys()) {
      this.#owners.delete(oldest);
      break;
    }
  }
}
