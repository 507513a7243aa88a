import type { Span } from "@telltale/model";
import type { JournalEntry } from "../journal/journal.ts";
import { readLogs } from "../otlp/read-logs.ts";
import { readMetrics } from "../otlp/read-metrics.ts";
import { readTraces } from "../otlp/read-traces.ts";
import type { LogRecord, MetricRecord, SpanRecord } from "../otlp/record.ts";
import { projectOf, translate } from "../translate.ts";
import { fingerprintOf } from "./span-facts.ts";
import { holdRow, type SpanRow, spanRowOf } from "./span-row.ts";

/** A span decoded and translated, with the record it can be translated from again. */
export interface DecodedSpan {
  /** Kept where log records may still tell of its content; else it would only fill the memory. */
  readonly record: SpanRecord | undefined;
  row: SpanRow;
  fingerprint: number;
  readonly project: string;
  readonly receivedAt: bigint;
}

/** A log record and where it belongs. */
export interface DecodedLog {
  readonly record: LogRecord;
  readonly project: string;
  readonly receivedAt: bigint;
}

/** A metric data point and where it belongs. */
export interface DecodedMetric {
  readonly record: MetricRecord;
  readonly project: string;
  readonly receivedAt: bigint;
}

/** Everything that a run of journal entries told. */
export interface DecodedBatch {
  readonly spans: DecodedSpan[];
  readonly logs: DecodedLog[];
  readonly metrics: DecodedMetric[];
  /** Entries and spans that could not be decoded; the receiver should have refused them. */
  undecodable: number;
}

/** The steps a span takes between translation and the store. */
export type Steps = (span: Span) => Span;

/** Translates one record into its row, with the log records known of it. */
export function decodeSpan(
  record: SpanRecord,
  logs: readonly LogRecord[],
  entry: { readonly project: string; readonly receivedAt: bigint },
  steps: Steps,
): DecodedSpan {
  const span = steps(translate(record, logs, entry));
  const row = spanRowOf(span, entry.receivedAt);
  const complete = row.input_type !== "" && row.output_type !== "";
  const fingerprint = fingerprintOf(row);
  holdRow(row);
  return {
    record: complete ? undefined : record,
    row,
    fingerprint,
    project: span.project,
    receivedAt: entry.receivedAt,
  };
}

/** A batch with nothing in it yet. */
export function emptyBatch(): DecodedBatch {
  return { spans: [], logs: [], metrics: [], undecodable: 0 };
}

/** Decodes and translates one journal entry into a batch. Never throws: what cannot be read is counted. */
export function decodeEntry(entry: JournalEntry, steps: Steps, batch: DecodedBatch): void {
  try {
    readEntry(entry, steps, batch);
  } catch {
    batch.undecodable++;
  }
}

function readEntry(entry: JournalEntry, steps: Steps, batch: DecodedBatch): void {
  const { receivedAt } = entry;
  if (entry.signal === "traces")
    for (const record of readTraces(entry.body, entry.encoding).spans)
      try {
        batch.spans.push(decodeSpan(record, [], entry, steps));
      } catch {
        batch.undecodable++;
      }
  else if (entry.signal === "logs")
    for (const record of readLogs(entry.body, entry.encoding).logs)
      batch.logs.push({ record, project: entry.project || projectOf(record.resource), receivedAt });
  else
    for (const record of readMetrics(entry.body, entry.encoding).metrics)
      batch.metrics.push({ record, project: entry.project || projectOf(record.resource), receivedAt });
}
