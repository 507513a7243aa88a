import type { Retranslation } from "@telltale/server/api-types";

/** Examples kept of all answers. */
const MOST_SAMPLES = 20;

/** Two answers about spans behind one another as one. */
export function mergeRetranslations(first: Retranslation, next: Retranslation): Retranslation {
  const dialects = new Map(first.dialects.map((each) => [`${each.from} ${each.to}`, each]));
  for (const each of next.dialects) {
    const key = `${each.from} ${each.to}`;
    const known = dialects.get(key);
    dialects.set(
      key,
      known ? { ...known, spans: known.spans + each.spans, changed: known.changed + each.changed } : each,
    );
  }
  const fields = new Map(first.fields.map(({ field, spans }) => [field, spans]));
  for (const { field, spans } of next.fields) fields.set(field, (fields.get(field) ?? 0) + spans);
  return {
    applied: next.applied,
    spans: first.spans + next.spans,
    changedSpans: first.changedSpans + next.changedSpans,
    dialects: [...dialects.values()],
    fields: [...fields].map(([field, spans]) => ({ field, spans })),
    samples: [...first.samples, ...next.samples].slice(0, MOST_SAMPLES),
    nextCursor: next.nextCursor,
  };
}
