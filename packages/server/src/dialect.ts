import type { Span } from "@telltale/model";
import type { LogRecord, SpanRecord } from "./otlp/record.ts";

/** What a dialect can say of a span; absent means that it cannot tell. */
export type SpanFields = Partial<
  Omit<Span, "traceId" | "spanId" | "parentSpanId" | "startTime" | "attributes" | "resource" | "dialect" | "project">
> & {
  /**
   * Keys whose content is now in `input` or `output`, exactly or in the canonical form. They are
   * left out of the span's attributes; every other attribute is kept as sent.
   */
  readonly consumed?: readonly string[];
};

/**
 * A vocabulary that somebody's SDK speaks: the only kind of file that knows foreign names.
 * Both functions are pure, never throw on any record, never change it, and may be called in
 * any order from anywhere.
 */
export interface Dialect {
  /** As in `spans.dialect`: `openinference`. */
  readonly name: string;
  /** Raised whenever `read` would answer differently, so that old spans can be found and told again. */
  readonly version: number;
  /** How sure it is: 0 not mine, 1 partly (fills what others leave open), 2 mine, 3 mine by signature. */
  claims(span: SpanRecord): 0 | 1 | 2 | 3;
  /** Called only where `claims` is above 0. `logs` are the span's own log records, by time. */
  read(span: SpanRecord, logs: readonly LogRecord[]): SpanFields;
}
