import type { Span } from "@telltale/model";
import { spanOfLog } from "../dialect/log-spans.ts";
import { readFormat } from "../format/read-format.ts";
import type { Format, JournalEntry } from "../journal/journal.ts";
import { readLogs } from "../otlp/read-logs.ts";
import { readMetrics } from "../otlp/read-metrics.ts";
import { spansIn } from "../otlp/read-traces.ts";
import type { LogRecord, MetricRecord, SpanRecord } from "../otlp/record.ts";
import { projectOf, translate } from "../translate.ts";
import { keptCost } from "./kept-cost.ts";
import { type NewCost, readNewCosts } from "./new-cost.ts";
import { readRetellings, type Retelling } from "./retelling.ts";
import { SpanBlock } from "./span-block.ts";
import { factsOf, fingerprintOf, type SpanFacts } from "./span-facts.ts";
import { type SpanRow, spanRowOf } from "./span-row.ts";

/** A span decoded and translated, with the record it can be translated from again. */
export interface DecodedSpan {
  /** Kept where log records may still tell of its content; else it would only fill the memory. */
  readonly record: SpanRecord | undefined;
  /** Of its row in the batch's block. */
  place: number;
  facts: SpanFacts;
  readonly project: string;
  readonly traceId: string;
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

/** A new cost of a stored span, and when it was asked for. */
export interface DecodedCost {
  readonly told: NewCost;
  readonly receivedAt: bigint;
}

/** A stored span to translate again, and when it was asked for. */
export interface DecodedRetelling {
  readonly told: Retelling;
  readonly receivedAt: bigint;
}

/** Everything that a run of journal entries told. */
export interface DecodedBatch {
  /** The rows of the spans. */
  readonly block: SpanBlock;
  readonly spans: DecodedSpan[];
  readonly logs: DecodedLog[];
  readonly metrics: DecodedMetric[];
  readonly costs: DecodedCost[];
  readonly retellings: DecodedRetelling[];
  /** Entries and spans that could not be decoded; the receiver should have refused them. */
  undecodable: number;
}

/** The steps a span takes between translation and the store. */
export type Steps = (span: Span) => Span;

/** Where a record came from. */
export interface Origin {
  /** Told by the request; "" leaves it to the resource. */
  readonly project: string;
  readonly receivedAt: bigint;
}

/** Translates one record into its row, with the log records known of it. */
export function rowOf(record: SpanRecord, logs: readonly LogRecord[], origin: Origin, steps: Steps): SpanRow {
  return spanRowOf(steps(translate(record, logs, origin)), origin.receivedAt);
}

function decodeSpan(record: SpanRecord, origin: Origin, steps: Steps, block: SpanBlock): DecodedSpan {
  const span = steps(translate(record, [], origin));
  const row = spanRowOf(span, origin.receivedAt);
  const isSenderEstimate = span.usage.some(({ quality }) => quality === "estimated");
  const complete = row.input_type !== "" && row.output_type !== "";
  return {
    record: complete ? undefined : record,
    place: block.append(row),
    facts: factsOf(row, fingerprintOf(row), keptCost(span.cost, isSenderEstimate)),
    project: row.project,
    traceId: row.trace_id,
    receivedAt: origin.receivedAt,
  };
}

/** A batch with nothing in it yet; `block` is an empty one. */
export function emptyBatch(block: SpanBlock = new SpanBlock()): DecodedBatch {
  return { block, spans: [], logs: [], metrics: [], costs: [], retellings: [], undecodable: 0 };
}

/** {@link decodeStepwise} in one go. */
export function decodeEntry(entry: JournalEntry, steps: Steps, batch: DecodedBatch): void {
  const work = decodeStepwise(entry, steps, batch);
  while (!work.next().done);
}

/**
 * Decodes and translates one journal entry into a batch, span by span: the caller may let others have their turn
 * between two of them. Never throws: what cannot be read is counted.
 */
export function* decodeStepwise(entry: JournalEntry, steps: Steps, batch: DecodedBatch): Generator<void, void, void> {
  try {
    yield* readEntry(entry, steps, batch);
  } catch {
    batch.undecodable++;
  }
}

function* readEntry(entry: JournalEntry, steps: Steps, batch: DecodedBatch): Generator<void, void, void> {
  const { receivedAt, encoding } = entry;
  if (encoding === "new-costs") for (const told of readNewCosts(entry.body)) batch.costs.push({ told, receivedAt });
  else if (encoding === "retold")
    for (const told of readRetellings(entry.body)) batch.retellings.push({ told, receivedAt });
  else if (encoding !== "protobuf" && encoding !== "json") yield* readOther(encoding, entry, steps, batch);
  else if (entry.signal === "traces")
    for (const record of spansIn(entry.body, encoding)) {
      addSpan(record, entry, steps, batch);
      yield;
    }
  else if (entry.signal === "logs")
    for (const record of readLogs(entry.body, encoding).logs) {
      batch.logs.push({ record, project: entry.project || projectOf(record.resource), receivedAt });
      const span = spanOfLog(record);
      if (span) addSpan(span, entry, steps, batch);
    }
  else
    for (const record of readMetrics(entry.body, encoding).metrics)
      batch.metrics.push({ record, project: entry.project || projectOf(record.resource), receivedAt });
}

/** An entry in a format that is not OTLP. */
function* readOther(
  format: Format,
  entry: JournalEntry,
  steps: Steps,
  batch: DecodedBatch,
): Generator<void, void, void> {
  const { body, receivedAt } = entry;
  for (const { span, log } of readFormat(format, body, receivedAt)) {
    if (log) batch.logs.push({ record: log, project: entry.project || projectOf(log.resource), receivedAt });
    else addSpan(span, entry, steps, batch);
    yield;
  }
}

/** One bad span does not cost its neighbours. */
function addSpan(record: SpanRecord, entry: JournalEntry, steps: Steps, batch: DecodedBatch): void {
  try {
    batch.spans.push(decodeSpan(record, entry, steps, batch.block));
  } catch {
    batch.undecodable++;
  }
}
