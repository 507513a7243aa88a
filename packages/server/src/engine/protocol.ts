import type { TraceSummary } from "../api-types.ts";
import type { Position } from "../journal/journal.ts";
import type { Parameter, ReadOptions, StoreError } from "../store.ts";

/** What the engine process is started with; JSON in its environment. */
export interface EngineOptions {
  readonly dataDirectory: string;
  /** The file of somebody's own prices. */
  readonly priceFile: string;
  /** A ClickHouse server instead of the embedded engine: `http://user:password@host:8123`. */
  readonly clickhouseUrl?: string;
  /** Whether the tokens of calls are estimated where nobody told them. */
  readonly estimates?: boolean;
}

/** From the front to the engine. */
export type ToEngine =
  | { readonly type: "advance"; readonly position: Position }
  | {
      readonly type: "read";
      readonly id: number;
      readonly sql: string;
      readonly parameters: Readonly<Record<string, Parameter>>;
      readonly options: ReadOptions;
    }
  | { readonly type: "stop" };

/** Figures of the engine, for the metrics page. Counts since the process started. */
export interface EngineFigures {
  readonly batches: number;
  readonly spans: number;
  readonly repeated: number;
  readonly corrected: number;
  readonly undecodable: number;
  /** Rows that the store refused and that were stored without their attributes, or not at all. */
  readonly quarantined: number;
  readonly damagedEntries: number;
  readonly residentBytes: number;
}

/** From the engine to the front. */
export type FromEngine =
  | { readonly type: "ready" }
  /** Everything before `stored` can be asked for; everything before `safe` is never read again. */
  | { readonly type: "progress"; readonly stored: Position; readonly safe: Position; readonly figures: EngineFigures }
  | { readonly type: "traces"; readonly traces: readonly TraceSummary[] }
  | { readonly type: "answer"; readonly id: number; readonly bytes: Uint8Array }
  | { readonly type: "refusal"; readonly id: number; readonly code: StoreError["code"]; readonly message: string }
  | { readonly type: "failed"; readonly message: string };
