import type { DecodedBatch } from "./decode-batch.ts";
import { secondOf } from "./row-number.ts";

/** A trace that a batch tells of, and where it is filed when it is new. */
export interface TouchedTrace {
  readonly project: string;
  readonly traceId: string;
  readonly filedAt: number;
}

/** The traces of a batch by `project/trace id`, in the order in which they come. */
export function touchedTraces(decoded: DecodedBatch): ReadonlyMap<string, TouchedTrace> {
  const keys = new Map<string, TouchedTrace>();
  for (const { project, traceId, facts, receivedAt } of decoded.spans) {
    const key = `${project}/${traceId}`;
    if (!keys.has(key)) keys.set(key, { project, traceId, filedAt: secondOf(facts.startTime, receivedAt) });
  }
  for (const { record, project, receivedAt } of decoded.logs) {
    if (!record.traceId || !record.spanId) continue;
    const key = `${project}/${record.traceId}`;
    if (!keys.has(key)) keys.set(key, { project, traceId: record.traceId, filedAt: secondOf(record.time, receivedAt) });
  }
  for (const { told, receivedAt } of [...decoded.retellings, ...decoded.costs]) {
    const key = `${told.project}/${told.traceId}`;
    if (!keys.has(key))
      keys.set(key, { project: told.project, traceId: told.traceId, filedAt: secondOf(receivedAt, receivedAt) });
  }
  return keys;
}
