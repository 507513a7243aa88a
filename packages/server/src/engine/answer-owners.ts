import { jsonLines } from "../json-lines.ts";
import type { Store } from "../store.ts";
import { INTERVAL_COLUMNS, type IntervalLine, intervalOf } from "../store/span-interval.ts";
import { isOtherLayer } from "./billing.ts";
import type { SpanFacts } from "./span-facts.ts";
import { hasUsage } from "./span-facts.ts";
import { firstRow } from "./row-number.ts";
import type { TraceState } from "./trace-state.ts";

/** Answers remembered across traces; two layers of one call arrive within minutes of each other. */
const ANSWERS_KEPT = 100_000;

/**
 * Answers of the last two hours before the newest span that is not of the future: a clock may be ahead by a day.
 * Only what two layers may still tell of is read.
 */
const LATEST = `SELECT project, response_id, trace_id, scope_name, ${INTERVAL_COLUMNS}
FROM telltale_data.span_rows
WHERE hour >= (SELECT least(max(hour), now('UTC')) - 7200 FROM telltale_data.span_rows)
  AND response_id != '' AND billing = 'billed' AND (input_tokens IS NOT NULL OR output_tokens IS NOT NULL)
  AND row < {first:UInt64} AND row NOT IN (SELECT row FROM telltale_data.superseded WHERE batch < {batch:UInt64})
ORDER BY span_rows.row DESC LIMIT ${ANSWERS_KEPT}`;

interface OwnerLine extends IntervalLine {
  readonly project: string;
  readonly response_id: string;
  readonly trace_id: string;
  readonly scope_name: string;
}

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
  #isRecalled = false;

  /** Reads the latest answers that were billed before `batch`, the first of this process; after that it does nothing. */
  async recall(store: Store, batch: number): Promise<void> {
    if (this.#isRecalled) return;
    const parameters = { first: firstRow(batch), batch };
    const bytes = await store.read(LATEST, parameters, { format: "JSONEachRow", maxSeconds: 60 });
    for (const line of jsonLines<OwnerLine>(bytes).toReversed()) {
      const key = `${line.project}/${line.response_id}`;
      if (!this.#owners.has(key))
        this.#take(key, { traceId: line.trace_id, scopeName: line.scope_name, ...intervalOf(line) });
    }
    this.#isRecalled = true;
  }

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
