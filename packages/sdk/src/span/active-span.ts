import type { AttributeMap, AttributeValue } from "../attribute-value.ts";
import { runtime } from "../runtime.ts";
import { isSettable, type SettableValue } from "./association.ts";
import { now } from "./clock.ts";
import { recordError } from "./record-error.ts";
import type { SpanKind } from "./span-kind.ts";
import { setContent } from "./span-content.ts";
import type { SpanRecord } from "./span-record.ts";

/** The handle that `withSpan` gives to its function. Nothing in it throws. */
export interface ActiveSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Sets one attribute; names under `gen_ai.` and `telltale.` mean what the conventions say. */
  setAttribute(name: string, value: SettableValue): void;
  /** What went in, of any type; instead of `options.input`. */
  setInput(value: unknown): void;
  /** What came out; instead of what the function returns. */
  setOutput(value: unknown): void;
  /** Marks the span as failed although its function did not throw. */
  recordError(error: unknown): void;
}

/** Adds what a finished span holds to the size of the queue, and gives it to the exporter. */
export function finishSpan(span: SpanRecord, endTime: number = now()): void {
  span.endTime = endTime;
  span.heldBytes += span.name.length + associationBytes(span);
  for (const value of span.attributes.values()) span.heldBytes += sizeOf(value);
  runtime.pipeline?.add(span);
}

/** What is handed down is told once for each span, and so counts for each. */
function associationBytes({ sessionId, userId, tags, metadata }: SpanRecord): number {
  let bytes = (sessionId?.length ?? 0) + (userId?.length ?? 0);
  if (tags !== undefined) bytes += sizeOf(tags);
  if (metadata !== undefined) for (const value of metadata.values()) bytes += sizeOf(value);
  return bytes;
}

/** Adds an event to a span that is under way, and what it holds. */
export function addEvent(span: SpanRecord, name: string, attributes: AttributeMap): void {
  (span.events ??= []).push({ name, time: now(), attributes });
  for (const value of attributes.values()) span.heldBytes += sizeOf(value);
}

function sizeOf(value: AttributeValue): number {
  if (Array.isArray(value)) return value.reduce((sum, item) => sum + item.length, 16);
  return typeof value === "string" || Buffer.isBuffer(value) ? value.length : 16;
}

/** Makes the handle for a span. */
export function activeSpanOf(span: SpanRecord, kind: SpanKind): ActiveSpan {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    setAttribute: (name, value) => {
      if (typeof name === "string" && isSettable(value)) span.attributes.set(name, value);
    },
    setInput: (value) => setContent(span, kind, "input", value),
    setOutput: (value) => setContent(span, kind, "output", value),
    recordError: (error) => recordError(span, error),
  };
}

/** The handle for a program that is not watched: takes everything, keeps nothing. */
export const idleSpan: ActiveSpan = {
  traceId: "",
  spanId: "",
  setAttribute: () => {},
  setInput: () => {},
  setOutput: () => {},
  recordError: () => {},
};
