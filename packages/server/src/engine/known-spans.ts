import type { Retelling } from "./retelling.ts";
import type { SpanFacts } from "./span-facts.ts";
import type { TraceState } from "./trace-state.ts";

/** Those of the named spans that are in the store or on their way into it. */
export function knownSpans<Told extends Retelling>(
  named: readonly { readonly told: Told }[],
  traces: ReadonlyMap<string, TraceState>,
): { told: Told; trace: TraceState; facts: SpanFacts }[] {
  return named.flatMap(({ told }) => {
    const trace = traces.get(`${told.project}/${told.traceId}`);
    const facts = trace?.spans.get(told.spanId);
    return trace && facts ? [{ told, trace, facts }] : [];
  });
}
