import type { Journal, JournalEntry, Position } from "../journal/journal.ts";
import { QueryError, type Reader } from "../query.ts";

/** The engine may have telemetry before it. */
const STORED_PATIENCE_MS = 30_000;

/** What working over stored spans takes. */
export interface RewriteParts {
  readonly reader: Reader;
  /** Where changes go in: they take the way of telemetry. */
  readonly journal: Journal;
  /** Whether everything before a position was stored in time. */
  readonly reached: (position: Position, patienceMs: number) => Promise<boolean>;
}

/** Appends changes of stored spans to the journal and resolves when they are in the store; throws `QueryError` when that takes too long. */
export async function storeEntry(
  encoding: JournalEntry["encoding"],
  body: Uint8Array,
  { journal, reached }: RewriteParts,
): Promise<void> {
  const receivedAt = BigInt(Date.now()) * 1_000_000n;
  const position = await journal.append({ signal: "traces", encoding, project: "", receivedAt, body });
  if (await reached(position, STORED_PATIENCE_MS)) return;
  throw new QueryError(
    503,
    "unavailable",
    "the engine is busy with telemetry; the changes so far are kept and will be applied",
    "ask again: spans that were changed by then do not differ any more",
  );
}
