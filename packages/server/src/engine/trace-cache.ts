import { textLines } from "../json-lines.ts";
import type { Store } from "../store.ts";
import { firstRow } from "./row-number.ts";
import { recallTraces } from "./recall-traces.ts";
import { TraceFilter } from "./trace-filter.ts";
import { newTraceState, type TraceState } from "./trace-state.ts";

/** Spans whose facts are kept in memory; about 300 bytes each, so some 60 MB. */
const SPANS_KEPT = 200_000;

/** Which trace, of which project. */
export interface TraceKey {
  readonly project: string;
  readonly traceId: string;
}

function keyText(key: TraceKey): string {
  return `${key.project}/${key.traceId}`;
}

/**
 * The traces that telemetry is still coming for. Knows every trace ever stored: from memory, by
 * the filter's "surely new", or from the store. Oldest untouched traces leave memory first.
 */
export class TraceCache {
  readonly #store: Store;
  readonly #traces = new Map<string, TraceState>();
  #filter = new TraceFilter(0);
  #spans = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Reads the ids of all stored traces; to be called once, before the first batch. */
  async open(): Promise<void> {
    const count = await this.#store.read(
      "SELECT count() FROM telltale_data.trace_summaries",
      {},
      { format: "TabSeparated" },
    );
    this.#filter = new TraceFilter(Number(Buffer.from(count).toString()));
    for (const table of ["trace_summaries", "log_rows"]) {
      const partitions = await this.#lines(`SELECT DISTINCT _partition_id FROM telltale_data.${table}`);
      for (const partition of partitions) {
        const ids = `SELECT DISTINCT trace_id FROM telltale_data.${table} WHERE _partition_id = {partition:String} AND trace_id != ''`;
        for (const id of await this.#lines(ids, { partition })) this.#filter.add(id);
      }
    }
  }

  async #lines(sql: string, parameters: { [name: string]: string } = {}): Promise<string[]> {
    return textLines(await this.#store.read(sql, parameters, { format: "TabSeparated", maxSeconds: 60 }));
  }

  /**
   * The states of these traces, as they were before `batch`. Those that left memory come back
   * from the store, all in one go; unknown ones begin empty, filed under the second given.
   */
  async take(keys: readonly (TraceKey & { readonly filedAt: number })[], batch: number): Promise<TraceState[]> {
    const lost = new Map<string, TraceKey>();
    for (const key of keys)
      if (!this.#traces.has(keyText(key)) && this.#filter.has(key.traceId)) lost.set(keyText(key), key);
    if (lost.size > 0)
      for (const trace of await recallTraces(this.#store, [...lost.values()], batch, firstRow(batch)))
        this.#remember(trace);
    return keys.map((key) => this.#touch(key));
  }

  #touch(key: TraceKey & { readonly filedAt: number }): TraceState {
    const text = keyText(key);
    let trace = this.#traces.get(text);
    if (trace) this.#traces.delete(text);
    else {
      trace = newTraceState(key.project, key.traceId, key.filedAt);
      this.#filter.add(key.traceId);
    }
    this.#traces.set(text, trace);
    return trace;
  }

  #remember(trace: TraceState): void {
    this.#traces.set(keyText(trace), trace);
    this.#spans += trace.spans.size;
  }

  /** Tells that a batch added so many spans; forgets the traces that were untouched longest. */
  async settle(added: number): Promise<void> {
    this.#spans += added;
    for (const [text, trace] of this.#traces) {
      if (this.#spans <= SPANS_KEPT) break;
      this.#traces.delete(text);
      this.#spans -= trace.spans.size;
    }
    if (this.#filter.full) await this.open();
  }
}
