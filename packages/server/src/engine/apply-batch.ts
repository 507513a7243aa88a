import type { Store } from "../store.ts";
import { AnswerOwners } from "./answer-owners.ts";
import type { DecodedBatch, DecodedSpan, Steps } from "./decode-batch.ts";
import { decodeSpan } from "./decode-batch.ts";
import { LOG_COLUMNS, LOG_TARGETS, logRowOf } from "./log-row.ts";
import { mergeRows } from "./merge-rows.ts";
import { METRIC_COLUMNS, METRIC_TARGETS, metricRowOf } from "./metric-row.ts";
import { recordOfRow } from "./record-of-row.ts";
import { readStoredRows } from "./read-stored-rows.ts";
import { firstRow, hourOf } from "./row-number.ts";
import { SPAN_COLUMNS, SPAN_TARGETS } from "./span-columns.ts";
import { factsOf, fingerprintOf, type SpanFacts } from "./span-facts.ts";
import { openRow, type SpanRow } from "./span-row.ts";
import { SPEND_COLUMNS, SPEND_TARGETS, SpendLedger } from "./spend-row.ts";
import { SUPERSEDED_COLUMNS, SUPERSEDED_TARGETS } from "./superseded-row.ts";
import { type TableInsert, tableInsert } from "./table-insert.ts";
import type { TraceCache } from "./trace-cache.ts";
import { unsentSpend } from "./unsent-spend.ts";
import { TRACE_COLUMNS, TRACE_TARGETS, type TraceRow } from "./trace-row.ts";
import { billingChanges, noteRow, traceRowOf, type TraceState } from "./trace-state.ts";

/** What one batch puts into the store, table by table in this order, and what it changed. */
export interface AppliedBatch {
  readonly inserts: readonly TableInsert[];
  readonly traces: readonly TraceRow[];
  readonly spans: number;
  readonly repeated: number;
  readonly corrected: number;
}

/** A row on its way into the store, and the stored row that it replaces. */
interface Staged {
  row: SpanRow;
  readonly trace: TraceState;
  replaces: number | undefined;
}

/**
 * One batch at work: joins what it brings with what is known of its traces, decides the billing,
 * and gathers the rows to insert. Reads the store only for spans that came before in another form.
 */
export class BatchApplier {
  readonly #store: Store;
  readonly #cache: TraceCache;
  readonly #steps: Steps;
  readonly #owners = new AnswerOwners();

  constructor(store: Store, cache: TraceCache, steps: Steps) {
    this.#store = store;
    this.#cache = cache;
    this.#steps = steps;
  }

  /** Works one batch. Deterministic for a given store and batch number, so that it can be done again. */
  async apply(decoded: DecodedBatch, batch: number): Promise<AppliedBatch> {
    const work = new BatchWork(this.#store, this.#owners, this.#steps, batch);
    const traces = await this.#takeTraces(decoded, batch);
    work.addLogs(decoded, traces);
    await work.addSpans(decoded.spans, traces);
    await work.settleBilling(new Set(traces.values()));
    const applied = work.finish(decoded, new Set(traces.values()));
    await this.#cache.settle(work.newSpans);
    return applied;
  }

  async #takeTraces(decoded: DecodedBatch, batch: number): Promise<Map<string, TraceState>> {
    const keys = new Map<string, { project: string; traceId: string; hour: number }>();
    for (const { row } of decoded.spans) {
      const key = `${row.project}/${row.trace_id}`;
      if (!keys.has(key)) keys.set(key, { project: row.project, traceId: row.trace_id, hour: row.hour });
    }
    for (const { record, project, receivedAt } of decoded.logs) {
      if (!record.traceId || !record.spanId) continue;
      const key = `${project}/${record.traceId}`;
      if (!keys.has(key)) keys.set(key, { project, traceId: record.traceId, hour: hourOf(record.time, receivedAt) });
    }
    const states = await this.#cache.take([...keys.values()], batch);
    return new Map([...keys.keys()].map((key, index) => [key, states[index]!]));
  }
}

/** Log records of one span kept for joining; a span with more is not a model call. */
const LOGS_PER_SPAN = 1000;

class BatchWork {
  readonly #store: Store;
  readonly #owners: AnswerOwners;
  readonly #steps: Steps;
  readonly #batch: number;
  /** In the order of staging, which is the order of the rows. */
  readonly #staged = new Map<SpanFacts, Staged>();
  readonly #ledger = new SpendLedger();
  /** Stored spans for which a log record came after them. */
  readonly #late = new Map<SpanFacts, TraceState>();
  newSpans = 0;
  #repeated = 0;

  constructor(store: Store, owners: AnswerOwners, steps: Steps, batch: number) {
    this.#store = store;
    this.#owners = owners;
    this.#steps = steps;
    this.#batch = batch;
  }

  addLogs(decoded: DecodedBatch, traces: ReadonlyMap<string, TraceState>): void {
    for (const { record, project } of decoded.logs) {
      const trace = record.traceId && record.spanId ? traces.get(`${project}/${record.traceId}`) : undefined;
      if (!trace || !record.spanId) continue;
      const held = trace.logs.get(record.spanId);
      if (!held) trace.logs.set(record.spanId, [record]);
      else if (held.length < LOGS_PER_SPAN) held.push(record);
      const stored = trace.spans.get(record.spanId);
      if (stored) this.#late.set(stored, trace);
    }
  }

  async addSpans(spans: readonly DecodedSpan[], traces: ReadonlyMap<string, TraceState>): Promise<void> {
    const again: { decoded: DecodedSpan; facts: SpanFacts; trace: TraceState }[] = [];
    for (const decoded of spans) {
      const trace = traces.get(`${decoded.row.project}/${decoded.row.trace_id}`)!;
      this.#joinLogs(decoded, trace);
      const facts = trace.spans.get(decoded.row.span_id);
      if (!facts) this.#stageNew(decoded, trace);
      else if (facts.fingerprint === decoded.fingerprint) this.#repeated++;
      else again.push({ decoded, facts, trace });
    }
    const stored = await this.#storedRows([...again.map((item) => item.facts), ...this.#late.keys()]);
    for (const { decoded, facts, trace } of again) this.#mergeInto(facts, trace, decoded.row, stored);
    for (const [facts, trace] of this.#late) this.#mergeLateLogs(facts, trace, stored);
  }

  #joinLogs(decoded: DecodedSpan, trace: TraceState): void {
    const logs = trace.logs.get(decoded.row.span_id);
    if (!logs || !decoded.record) return;
    const joined = decodeSpan(
      decoded.record,
      logs,
      { project: decoded.project, receivedAt: decoded.receivedAt },
      this.#steps,
    );
    decoded.row = joined.row;
    decoded.fingerprint = joined.fingerprint;
  }

  #stageNew(decoded: DecodedSpan, trace: TraceState): void {
    const facts = factsOf(decoded.row, decoded.fingerprint);
    trace.spans.set(facts.spanId, facts);
    this.newSpans++;
    this.#staged.set(facts, { row: decoded.row, trace, replaces: undefined });
    noteRow(trace, decoded.row);
  }

  /** Full rows of those facts that are in the store and not staged in this batch. */
  async #storedRows(facts: readonly SpanFacts[]): Promise<Map<number, SpanRow>> {
    const wanted = facts.filter((span) => !this.#staged.has(span)).map((span) => span.row);
    return wanted.length === 0 ? new Map() : readStoredRows(this.#store, wanted);
  }

  /** The staged row of a span, staging its stored one when it is not yet; `undefined` if neither exists. */
  #openRow(facts: SpanFacts, trace: TraceState, stored: ReadonlyMap<number, SpanRow>): Staged | undefined {
    const staged = this.#staged.get(facts);
    if (staged) return staged;
    const row = stored.get(facts.row);
    if (!row) return undefined;
    this.#ledger.add(trace.project, facts, -1);
    const opened: Staged = { row, trace, replaces: facts.row };
    this.#staged.set(facts, opened);
    return opened;
  }

  #mergeInto(facts: SpanFacts, trace: TraceState, next: SpanRow, stored: ReadonlyMap<number, SpanRow>): void {
    const found = this.#staged.get(facts)?.row ?? stored.get(facts.row);
    if (!found) return;
    const before = openRow(found);
    const telling = openRow(next);
    const merged = mergeRows(before, telling);
    if (fingerprintOf(merged) === fingerprintOf(before)) {
      this.#repeated++;
      return;
    }
    const staged = this.#openRow(facts, trace, stored)!;
    staged.row = merged;
    Object.assign(facts, { ...factsOf(merged, fingerprintOf(telling)), row: facts.row, billing: facts.billing });
    noteRow(trace, merged);
  }

  #mergeLateLogs(facts: SpanFacts, trace: TraceState, stored: ReadonlyMap<number, SpanRow>): void {
    const before = this.#staged.get(facts)?.row ?? stored.get(facts.row);
    const logs = trace.logs.get(facts.spanId);
    if (!before || !logs) return;
    const told = decodeSpan(
      recordOfRow(openRow(before)),
      logs,
      { project: before.project, receivedAt: before.start_time },
      this.#steps,
    );
    this.#mergeInto(facts, trace, { ...told.row, dialect: before.dialect }, stored);
  }

  /** Decides the billing of every touched trace; stored spans whose standing changed are written again. */
  async settleBilling(traces: ReadonlySet<TraceState>): Promise<void> {
    const changes = [...traces].flatMap((trace) =>
      billingChanges(trace, (facts) => this.#owners.isForeign(trace, facts)).map((change) => ({ trace, ...change })),
    );
    const stored = await this.#storedRows(changes.map((change) => change.facts));
    for (const { trace, facts, billing } of changes) {
      const staged = this.#openRow(facts, trace, stored);
      if (staged) staged.row.billing = billing;
      facts.billing = billing;
    }
  }

  finish(decoded: DecodedBatch, traces: ReadonlySet<TraceState>): AppliedBatch {
    let next = firstRow(this.#batch);
    const replaced: number[] = [];
    for (const [facts, staged] of this.#staged) {
      staged.row.row = facts.row = next++;
      staged.row.billing = facts.billing;
      if (staged.replaces !== undefined) replaced.push(staged.replaces);
      this.#ledger.add(staged.trace.project, facts, 1);
    }
    const summaries = [...traces]
      .filter((trace) => trace.spans.size > 0)
      .map((trace) => traceRowOf(trace, firstRow(this.#batch)));
    const logs = decoded.logs.map((log) => logRowOf(log.record, log.project, next++, log.receivedAt));
    const metrics = decoded.metrics.map((metric) =>
      metricRowOf(metric.record, metric.project, next++, metric.receivedAt),
    );
    const superseded = replaced.map((row) => ({ row, batch: this.#batch }));
    const rows = [...this.#staged.values()].map((staged) => staged.row);
    const inserts: TableInsert[] = [
      tableInsert("superseded", SUPERSEDED_TARGETS, SUPERSEDED_COLUMNS, superseded),
      tableInsert("span_rows", SPAN_TARGETS, SPAN_COLUMNS, rows),
      tableInsert("trace_rows", TRACE_TARGETS, TRACE_COLUMNS, summaries),
      tableInsert("spend_rows", SPEND_TARGETS, SPEND_COLUMNS, [
        ...this.#ledger.rows(),
        ...unsentSpend(decoded.metrics),
      ]),
      tableInsert("log_rows", LOG_TARGETS, LOG_COLUMNS, logs),
      tableInsert("metric_rows", METRIC_TARGETS, METRIC_COLUMNS, metrics),
    ];
    return { inserts, traces: summaries, spans: this.newSpans, repeated: this.#repeated, corrected: replaced.length };
  }
}
