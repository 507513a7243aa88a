import { setImmediate as turn, setTimeout as sleep } from "node:timers/promises";
import type { Position } from "../journal/journal.ts";
import type { JournalReader, JournalSlice } from "../journal/read-journal.ts";
import type { Store } from "../store.ts";
import { type AppliedBatch, BatchApplier } from "./apply-batch.ts";
import { type Checkpoint, readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import { type DecodedBatch, decodeStepwise, emptyBatch, type Steps } from "./decode-batch.ts";
import { insertRows } from "./insert-batch.ts";
import type { EngineFigures, FromEngine } from "./protocol.ts";
import { ROWS_PER_BATCH } from "./row-number.ts";
import type { SpanBlock } from "./span-block.ts";
import { TraceCache } from "./trace-cache.ts";
import { summaryOf } from "./trace-row.ts";

/** Bytes of telemetry in one batch at most; some 8,000 spans of 3 kB. Twice as much is half the merging. */
const BATCH_BYTES = 24 * 1024 * 1024;
/** Waiting a moment for more costs less than an insert of its own. */
const LINGER_MS = 20;
/** Batches begin at least this far apart: each has a fixed cost of some 40 ms of CPU, over all tables. */
const PACE_MS = 250;
/** So far while much comes in. Each batch is a part of every table, and each part costs merges and every question. */
const LOADED_PACE_MS = 1000;
/** Spans of a batch from which on the next one is put off. */
const LOADED_SPANS = 250;
/** Decoding holds up nobody for longer than this. A page asks several questions, each of which waits for its turn. */
const SLICE_MS = 4;
/** How often a batch that may still grow looks for more. */
const LOOK_MS = 10;
/** Summaries sent to the live feed after one batch; nobody reads more in the time of one. */
const LIVE_TRACES = 100;

/** Where the engine gets its work and where it tells of it. */
export interface EngineParts {
  readonly store: Store;
  readonly reader: JournalReader;
  readonly checkpointPath: string;
  readonly steps: Steps;
  readonly send: (message: FromEngine) => void;
}

/**
 * Takes the journal into the store, batch after batch. While one batch is being inserted, the
 * next is decoded. See `docs/decisions/` for why a batch can be done twice without harm.
 */
export class Engine {
  readonly #parts: EngineParts;
  #applier: BatchApplier;
  #cache: TraceCache;
  /** Blocks that are not in use. A new one for each batch would be memory that only a whole collection gives back. */
  readonly #blocks: SpanBlock[] = [];
  #inserting: Promise<void> = Promise.resolve();
  #busy = false;
  #lastBegun = 0;
  #pace = PACE_MS;
  #wake: () => void = () => undefined;
  #stopped = false;
  #batch = 0;
  readonly #counts = { batches: 0, spans: 0, repeated: 0, corrected: 0, undecodable: 0, quarantined: 0 };

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#cache = new TraceCache(parts.store);
    this.#applier = new BatchApplier(parts.store, this.#cache, parts.steps);
  }

  /** Learns what the store holds and finishes the batch that a crash may have cut. */
  async open(): Promise<void> {
    const checkpoint = readCheckpoint(this.#parts.checkpointPath);
    const highest = await this.#highestBatch();
    await this.#cache.open();
    this.#batch = Math.max(highest, checkpoint?.batch ?? 0);
    if (!checkpoint) return;
    this.#parts.reader.seek(checkpoint.from);
    if (checkpoint.batch >= highest) {
      await this.#redo(checkpoint);
      await this.#forget();
    } else this.#parts.reader.seek(checkpoint.to);
    this.#report(checkpoint);
  }

  /**
   * Remembers nothing of a batch that was done again: it was read as of before that batch, of which a merge may have
   * dropped the rows since that it had replaced.
   */
  async #forget(): Promise<void> {
    this.#cache = new TraceCache(this.#parts.store);
    this.#applier = new BatchApplier(this.#parts.store, this.#cache, this.#parts.steps);
    await this.#cache.open();
  }

  async #highestBatch(): Promise<number> {
    const tables = ["span_rows", "trace_summaries", "log_rows", "metric_rows"].map(
      (table) => `SELECT max(row) AS row FROM telltale_data.${table}`,
    );
    const sql = `SELECT intDiv(max(row), ${ROWS_PER_BATCH}) FROM (${tables.join(" UNION ALL ")})`;
    return Number(Buffer.from(await this.#parts.store.read(sql, {}, { format: "TabSeparated" })).toString());
  }

  async #redo(checkpoint: Checkpoint): Promise<void> {
    const { reader } = this.#parts;
    reader.readUpTo(checkpoint.to);
    const decoded = this.#emptyBatch();
    for (let slice = reader.next(BATCH_BYTES); slice; slice = reader.next(BATCH_BYTES))
      await this.#decode(slice, decoded);
    await this.#insert(await this.#applier.apply(decoded, checkpoint.batch), checkpoint, decoded.block);
    reader.seek(checkpoint.to);
  }

  /** Tells that the journal is on disk up to here. */
  advance(position: Position): void {
    this.#parts.reader.readUpTo(position);
    this.#wake();
  }

  /** Works until {@link stop}. */
  async run(): Promise<void> {
    while (!this.#stopped) {
      const slice = this.#parts.reader.next(BATCH_BYTES);
      if (!slice) await new Promise<void>((resolve) => (this.#wake = resolve));
      else await this.#work(slice);
    }
    await this.#inserting;
  }

  async #work(slice: JournalSlice): Promise<void> {
    const decoded = this.#emptyBatch();
    const to = await this.#gather(slice, decoded);
    await this.#inserting;
    const checkpoint = { batch: ++this.#batch, from: slice.from, to };
    const applied = await this.#applier.apply(decoded, checkpoint.batch);
    writeCheckpoint(this.#parts.checkpointPath, checkpoint);
    this.#counts.undecodable += decoded.undecodable;
    this.#inserting = this.#insert(applied, checkpoint, decoded.block);
  }

  /** Decodes a slice and what comes behind it until the store is free and a batch is due, or full. */
  async #gather(slice: JournalSlice, into: DecodedBatch): Promise<Position> {
    const due = Math.max(performance.now() + LINGER_MS, this.#lastBegun + this.#pace);
    let { to, bytes } = slice;
    await this.#decode(slice, into);
    while (bytes < BATCH_BYTES && !this.#stopped && (this.#busy || performance.now() < due)) {
      const more = this.#parts.reader.next(BATCH_BYTES - bytes);
      if (more) {
        await this.#decode(more, into);
        to = more.to;
        bytes += more.bytes;
      } else await sleep(LOOK_MS);
    }
    this.#lastBegun = performance.now();
    this.#pace = into.spans.length < LOADED_SPANS ? PACE_MS : LOADED_PACE_MS;
    return to;
  }

  /** In short slices of time with a turn of the event loop between, so that reads are answered meanwhile. */
  async #decode(slice: JournalSlice, into: DecodedBatch): Promise<void> {
    let began = performance.now();
    for (const entry of slice.entries)
      for (const _ of decodeStepwise(entry, this.#parts.steps, into))
        if (performance.now() - began >= SLICE_MS) {
          await turn();
          began = performance.now();
        }
  }

  #emptyBatch(): DecodedBatch {
    return emptyBatch(this.#blocks.pop());
  }

  async #insert(applied: AppliedBatch, checkpoint: Checkpoint, block: SpanBlock): Promise<void> {
    this.#busy = true;
    for (const insert of applied.inserts)
      this.#counts.quarantined += await insertRows(this.#parts.store, insert, String(checkpoint.batch));
    this.#busy = false;
    block.clear();
    this.#blocks.push(block);
    this.#counts.batches++;
    this.#counts.spans += applied.spans;
    this.#counts.repeated += applied.repeated;
    this.#counts.corrected += applied.corrected;
    const { send } = this.#parts;
    if (applied.traces.length > 0) send({ type: "traces", traces: applied.traces.slice(-LIVE_TRACES).map(summaryOf) });
    this.#report(checkpoint);
  }

  #report(checkpoint: Checkpoint): void {
    this.#parts.send({ type: "progress", stored: checkpoint.to, safe: checkpoint.from, figures: this.#figures() });
  }

  #figures(): EngineFigures {
    return {
      ...this.#counts,
      damagedEntries: this.#parts.reader.damaged.entries,
      residentBytes: process.memoryUsage.rss(),
    };
  }

  /** Finishes what was begun and stops. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake();
    await this.#inserting;
  }
}
