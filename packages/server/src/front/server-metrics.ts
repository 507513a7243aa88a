import type { JournalWriter } from "../journal/open-journal.ts";
import { type Metrics, metrics as processMetrics } from "../telemetry/metrics.ts";
import type { EngineFigures } from "../engine/protocol.ts";
import type { EngineHandle } from "./engine-handle.ts";

const FIGURES: readonly (readonly [keyof EngineFigures, string, string])[] = [
  ["batches", "telltale_engine_batches_total", "Batches stored since the engine started"],
  ["spans", "telltale_engine_spans_total", "Spans stored since the engine started"],
  ["repeated", "telltale_engine_repeated_spans_total", "Spans that came again and changed nothing"],
  [
    "corrected",
    "telltale_engine_corrected_spans_total",
    "Stored spans that were written again because something came late",
  ],
  ["undecodable", "telltale_engine_undecodable_total", "Journal entries and spans that could not be decoded"],
  ["quarantined", "telltale_engine_refused_rows_total", "Rows that the store refused"],
  ["damagedEntries", "telltale_engine_damaged_entries_total", "Journal entries passed over because they were damaged"],
  ["residentBytes", "telltale_engine_resident_bytes", "Memory of the engine process"],
];

/** Registers the gauges of the front and of what the engine reports, and renders all metrics. */
export function serverMetrics(
  engine: EngineHandle,
  journal: JournalWriter,
  metrics: Metrics = processMetrics,
): { render(): string } {
  metrics.gauge("telltale_engine_ready", "1 while the engine answers", () => Number(engine.ready));
  metrics.gauge(
    "telltale_engine_restarts_total",
    "Times the engine process was started again",
    () => engine.status().restarts,
  );
  for (const [figure, name, help] of FIGURES) metrics.gauge(name, help, () => engine.status().figures?.[figure] ?? 0);
  metrics.gauge(
    "telltale_journal_unread_bytes",
    "Bytes acknowledged and not yet stored",
    () => journal.figures().unreadBytes,
  );
  metrics.gauge(
    "telltale_journal_stored_bytes",
    "Bytes of the journal's segments",
    () => journal.figures().storedBytes,
  );
  metrics.gauge("telltale_journal_syncs_total", "Group syncs", () => journal.figures().syncs);
  metrics.gauge("telltale_front_resident_bytes", "Memory of the front process", () => process.memoryUsage.rss());
  return { render: () => metrics.text() };
}
