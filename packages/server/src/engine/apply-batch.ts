import { isDeepStrictEqual } from "node:util";
import type { Store } from "../store.ts";
import { AnswerOwners } from "./answer-owners.ts";
import { type DecodedBatch, type DecodedSpan, rowOf, type Steps } from "./decode-batch.ts";
import { keptCostIn } from "./kept-cost.ts";
import { knownSpans } from "./known-spans.ts";
import { LOG_COLUMNS, LOG_TARGETS, logRowOf } from "./log-row.ts";
import { mergeRows } from "./merge-rows.ts";
import { METRIC_COLUMNS, METRIC_TARGETS, metricRowOf } from "./metric-row.ts";
import { MoneyLedger } from "./money-ledger.ts";
import { withNewCost } from "./new-cost.ts";
import { retoldRow } from "./retold-row.ts";
import { recordOfRow } from "./record-of-row.ts";
import { RepeatedReports } from "./repeated-reports.ts";
import { readStoredRows } from "./read-stored-rows.ts";
import { firstRow } from "./row-number.ts";
import type { SpanBlock } from "./span-block.ts";
import { factsOf, fingerprintOf, type SpanFacts } from "./span-facts.ts";
import type { SpanRow } from "./span-row.ts";
import { SUPERSEDED_COLUMNS, SUPERSEDED_TARGETS } from "./superseded-row.ts";
import { type TableInsert, tableInsert } from "./table-insert.ts";
import { touchedTraces } from "./touched-traces.ts";
import type { TraceCache } from "./trace-cache.ts";
import { TRACE_COLUMNS, TRACE_TARGETS, type TraceRow } from "./trace-row.ts";
import { billingChanges, noteSpan, traceRowOf, type TraceState } from "./trace-state.ts";

/** What one batch puts into the store, table by table in this order, and what it changed. */
export interface AppliedBatch {
  readonly inserts: readonly TableInsert[];
  readonly traces: readonly TraceRow[];
  readonly spans: number;
  readonly repeated: number;
  readonly corrected: number;
}

/** A row of the block on its way into the store, and the stored row that it replaces. */
interface Staged {
  place: number;
  readonly trace: TraceState;
  readonly replaces: number | undefined;
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
  readonly #reports: RepeatedReports;

  constructor(store: Store, cache: TraceCache, steps: Steps) {
    this.#store = store;
    this.#reports = new RepeatedReports(store);
    this.#cache = cache;
    this.#steps = steps;
  }

  /** Works one batch. Deterministic for a given store and batch number, so that it can be done again. */
  async apply(decoded: DecodedBatch, batch: number): Promise<AppliedBatch> {
    await this.#owners.recall(this.#store, batch);
    const work = new BatchWork({ store: this.#store, owners: this.#owners, steps: this.#steps, batch }, decoded.block);
    const traces = await this.#takeTraces(decoded, batch);
    work.addLogs(decoded, traces);
    await work.addSpans(decoded.spans, traces);
    await work.tellAgain(decoded.retellings, traces);
    await work.addCosts(decoded.costs, traces);
    await work.settleBilling(new Set(traces.values()));
    const metrics = await this.#reports.leaveOut(decoded.metrics, batch);
    const applied = work.finish({ logs: decoded.logs, metrics }, new Set(traces.values()));
    await this.#cache.settle(work.newSpans);
    return applied;
  }

  async #takeTraces(decoded: DecodedBatch, batch: number): Promise<Map<string, TraceState>> {
    const keys = touchedTraces(decoded);
    const states = await this.#cache.take([...keys.values()], batch);
    return new Map([...keys.keys()].map((key, index) => [key, states[index]!]));
  }
}

/** Log records of one span kept for joining; a span with more is not a model call. */
const LOGS_PER_SPAN = 1000;

interface BatchParts {
  readonly store: Store;
  readonly owners: AnswerOwners;
  readonly steps: Steps;
  readonly batch: number;
}

/** What stands beside the spans. */
interface Told {
  readonly logs: DecodedBatch["logs"];
  readonly metrics: readonly DecodedBatch["metrics"][number][];
}

class BatchWork {
  readonly #store: Store;
  readonly #owners: AnswerOwners;
  readonly #steps: Steps;
  readonly #batch: number;
  readonly #block: SpanBlock;
  readonly #staged = new Map<SpanFacts, Staged>();
  readonly #ledger = new MoneyLedger();
  /** Stored spans for which a log record came after them. */
  readonly #late = new Map<SpanFacts, TraceState>();
  newSpans = 0;
  #repeated = 0;

  constructor(parts: BatchParts, block: SpanBlock) {
    this.#store = parts.store;
    this.#owners = parts.owners;
    this.#steps = parts.steps;
    this.#batch = parts.batch;
    this.#block = block;
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
      const trace = traces.get(`${decoded.project}/${decoded.traceId}`)!;
      this.#joinLogs(decoded, trace);
      const facts = trace.spans.get(decoded.facts.spanId);
      if (!facts) this.#stageNew(decoded, trace);
      else if (facts.fingerprint === decoded.facts.fingerprint) this.#repeat(decoded.place);
      else again.push({ decoded, facts, trace });
    }
    const stored = await this.#storedRows([...again.map((item) => item.facts), ...this.#late.keys()]);
    for (const { decoded, facts, trace } of again) {
      this.#mergeInto(facts, trace, this.#block.rowAt(decoded.place), stored);
      this.#block.drop(decoded.place);
    }
    for (const [facts, trace] of this.#late) this.#mergeLateLogs(facts, trace, stored);
  }

  #joinLogs(decoded: DecodedSpan, trace: TraceState): void {
    const logs = trace.logs.get(decoded.facts.spanId);
    if (!logs || !decoded.record) return;
    const joined = rowOf(decoded.record, logs, decoded, this.#steps);
    this.#block.drop(decoded.place);
    decoded.place = this.#block.append(joined);
    decoded.facts = factsOf(joined, fingerprintOf(joined));
  }

  #stageNew({ facts, place }: DecodedSpan, trace: TraceState): void {
    trace.spans.set(facts.spanId, facts);
    this.newSpans++;
    this.#staged.set(facts, { place, trace, replaces: undefined });
    noteSpan(trace, facts, this.#block, place);
  }

  #repeat(place: number): void {
    this.#repeated++;
    this.#block.drop(place);
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
    const opened: Staged = { place: this.#block.append(row), trace, replaces: facts.row };
    this.#staged.set(facts, opened);
    return opened;
  }

  /** The row of a span as it stands: staged in this batch, else stored. */
  #rowBefore(facts: SpanFacts, stored: ReadonlyMap<number, SpanRow>): SpanRow | undefined {
    const staged = this.#staged.get(facts);
    return staged ? this.#block.rowAt(staged.place) : stored.get(facts.row);
  }

  #mergeInto(facts: SpanFacts, trace: TraceState, telling: SpanRow, stored: ReadonlyMap<number, SpanRow>): void {
    const before = this.#rowBefore(facts, stored);
    if (!before) return;
    const merged = this.#priced(mergeRows(before, telling), trace);
    if (fingerprintOf(merged) === fingerprintOf(before)) {
      this.#repeated++;
      return;
    }
    const staged = this.#openRow(facts, trace, stored)!;
    this.#block.drop(staged.place);
    staged.place = this.#block.append(merged);
    Object.assign(facts, { ...factsOf(merged, fingerprintOf(telling)), row: facts.row, billing: facts.billing });
    noteSpan(trace, facts, this.#block, staged.place);
  }

  /** Translates stored spans again, with the log records known of them, as a late part of them would. */
  async tellAgain(retellings: DecodedBatch["retellings"], traces: ReadonlyMap<string, TraceState>): Promise<void> {
    const wanted = knownSpans(retellings, traces);
    const stored = await this.#storedRows(wanted.map(({ facts }) => facts));
    for (const { trace, facts } of wanted) {
      const before = this.#rowBefore(facts, stored);
      const row = before && retoldRow(before, trace.logs.get(facts.spanId) ?? [], this.#steps);
      if (!row || isDeepStrictEqual(row, before)) continue;
      const staged = this.#openRow(facts, trace, stored)!;
      this.#block.drop(staged.place);
      staged.place = this.#block.append(row);
      Object.assign(facts, { ...factsOf(row, facts.fingerprint), row: facts.row, billing: facts.billing });
      noteSpan(trace, facts, this.#block, staged.place);
    }
  }

  /** Gives stored spans new costs, as a late part of them would. */
  async addCosts(costs: DecodedBatch["costs"], traces: ReadonlyMap<string, TraceState>): Promise<void> {
    const wanted = knownSpans(costs, traces);
    const stored = await this.#storedRows(wanted.map(({ facts }) => facts));
    for (const { told, trace, facts } of wanted) {
      const before = this.#rowBefore(facts, stored);
      const row = before && withNewCost(before, told);
      if (!row) continue;
      const staged = this.#openRow(facts, trace, stored)!;
      this.#block.drop(staged.place);
      staged.place = this.#block.append(row);
      facts.costNanos = row.cost_nanos;
      facts.cost = keptCostIn(row.cost, row.usage);
    }
  }

  /** A row with its cost, where one telling knew the model and another the tokens: it takes both to know it. */
  #priced(row: SpanRow, trace: TraceState): SpanRow {
    if (row.cost_nanos !== null || row.usage === "" || row.request_model + row.response_model === "") return row;
    const origin = { project: row.project, receivedAt: row.start_time };
    const { cost, cost_nanos } = rowOf(recordOfRow(row), trace.logs.get(row.span_id) ?? [], origin, this.#steps);
    return cost_nanos === null ? row : { ...row, cost, cost_nanos };
  }

  #mergeLateLogs(facts: SpanFacts, trace: TraceState, stored: ReadonlyMap<number, SpanRow>): void {
    const before = this.#rowBefore(facts, stored);
    const logs = trace.logs.get(facts.spanId);
    if (!before || !logs) return;
    const origin = { project: before.project, receivedAt: before.start_time };
    const told = rowOf(recordOfRow(before), logs, origin, this.#steps);
    this.#mergeInto(facts, trace, { ...told, dialect: before.dialect }, stored);
  }

  /** Decides the billing of every touched trace; stored spans whose standing changed are written again. */
  async settleBilling(traces: ReadonlySet<TraceState>): Promise<void> {
    const changes = [...traces].flatMap((trace) =>
      billingChanges(trace, (facts) => this.#owners.isForeign(trace, facts)).map((change) => ({ trace, ...change })),
    );
    const stored = await this.#storedRows(changes.map((change) => change.facts));
    for (const { trace, facts, billing } of changes) {
      this.#openRow(facts, trace, stored);
      facts.billing = billing;
    }
  }

  finish(decoded: Told, traces: ReadonlySet<TraceState>): AppliedBatch {
    const first = firstRow(this.#batch);
    const replaced: number[] = [];
    for (const [facts, { place, replaces, trace }] of this.#staged) {
      facts.row = first + place;
      this.#block.setBilling(place, facts.billing);
      if (replaces !== undefined) replaced.push(replaces);
      this.#ledger.add(trace.project, facts, 1);
    }
    let next = first + this.#block.rows;
    const summaries = [...traces].filter((trace) => trace.spans.size > 0).map((trace) => traceRowOf(trace, first));
    const logs = decoded.logs.map((log) => logRowOf(log.record, log.project, next++, log.receivedAt));
    const metrics = decoded.metrics.map((metric) =>
      metricRowOf(metric.record, metric.project, next++, metric.receivedAt),
    );
    const superseded = replaced.map((row) => ({ row, batch: this.#batch }));
    const inserts: TableInsert[] = [
      tableInsert("superseded", SUPERSEDED_TARGETS, SUPERSEDED_COLUMNS, superseded),
      this.#block.insert(first),
      tableInsert("trace_summaries", TRACE_TARGETS, TRACE_COLUMNS, summaries),
      ...this.#ledger.inserts(decoded.metrics),
      tableInsert("log_rows", LOG_TARGETS, LOG_COLUMNS, logs),
      tableInsert("metric_rows", METRIC_TARGETS, METRIC_COLUMNS, metrics),
    ];
    return { inserts, traces: summaries, spans: this.newSpans, repeated: this.#repeated, corrected: replaced.length };
  }
}
