import { debug, messageOf } from "../diagnostics.ts";
import type { SpanRecord } from "../span/span-record.ts";
import { isCall } from "./billed-call.ts";
import type { UnsentLedger } from "./unsent-ledger.ts";

/** Traces whose lost calls are remembered: what is above a call is over soon after it. */
const MAX_TRACES = 10_000;

/** Spans that there was no room for. They are counted one by one, as they come, and forgotten. */
export class LostSpans {
  readonly #ledger: UnsentLedger;
  /** By trace: spans above calls that were counted, here or in a span that is sent. */
  readonly #covered = new Map<string, Set<string>>();

  constructor(ledger: UnsentLedger) {
    this.#ledger = ledger;
  }

  /** Counts a span; `nearby` are spans of its trace that wait to be sent, and may be below it. Never throws. */
  add(span: SpanRecord, nearby: readonly SpanRecord[]): void {
    try {
      if (span.unread?.complete() === false) return;
      span.unread = undefined;
      const covered = this.#coveredIn(span.traceId);
      this.#ledger.cover(nearby, covered);
      this.#ledger.add([span], covered, "queue-full");
    } catch (error) {
      debug(`A span that there was no room for is not counted: ${messageOf(error)}`);
    }
  }

  /** Whether a span repeats calls that were counted here, so that it may not be sent as a call of its own. */
  covers(span: SpanRecord): boolean {
    const covered = this.#covered.get(span.traceId);
    if (covered?.has(span.spanId) !== true) return false;
    if (span.parentSpanId !== undefined) covered.add(span.parentSpanId);
    return isCall(span);
  }

  #coveredIn(traceId: string): Set<string> {
    let covered = this.#covered.get(traceId);
    if (covered !== undefined) return covered;
    this.#covered.set(traceId, (covered = new Set()));
    if (this.#covered.size > MAX_TRACES)
      for (const oldest of this.#covered.keys()) {
        this.#covered.delete(oldest);
        break;
      }
    return covered;
  }
}
