import { jsonLines } from "../json-lines.ts";
import type { Store } from "../store.ts";
import type { DecodedMetric } from "./decode-batch.ts";
import { firstRow, hourOf } from "./row-number.ts";

/** What an SDK writes on the points of one sum of what it did not send: the same when it sends them again. */
const REPORT_ID = "telltale.unsent.report";
const PREFIX = "telltale.unsent.";
/** Longer ones are not ours. */
const LONGEST_ID = 64;
/** Those of batches that are still on their way into the store, and then some. */
const REPORTS_KEPT = 50_000;

/**
 * Reports of what was not sent are sums to be added, and a sender that got no answer sends one again: each counts
 * once. What was counted stands among the stored metrics, so that this holds after a restart too.
 */
export class RepeatedReports {
  readonly #store: Store;
  /** By report: the batch that it was counted in. */
  readonly #recent = new Map<string, number>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** The metrics of a batch without those of reports that came before. The same for the same store and batch. */
  async leaveOut(metrics: readonly DecodedMetric[], batch: number): Promise<readonly DecodedMetric[]> {
    const keyed = metrics.map((metric) => ({ metric, report: reportOf(metric) }));
    const told = keyed.filter(({ report }) => report !== undefined);
    if (told.length === 0) return metrics;
    const before = await this.#stored(
      told.map(({ metric }) => metric),
      batch,
    );
    const points = new Set<string>();
    const kept = keyed.filter(({ metric, report }) => {
      if (report === undefined) return true;
      if (before.has(report) || (this.#recent.get(report) ?? batch) < batch) return false;
      // Both in one batch: point by point the same.
      const point = JSON.stringify([report, metric.record.name, Array.from(metric.record.attributes, String)]);
      if (points.has(point)) return false;
      points.add(point);
      return true;
    });
    for (const { report } of kept) if (report !== undefined) this.#note(report, batch);
    return kept.map(({ metric }) => metric);
  }

  #note(report: string, batch: number): void {
    this.#recent.set(report, batch);
    if (this.#recent.size <= REPORTS_KEPT) return;
    for (const oldest of this.#recent.keys()) {
      this.#recent.delete(oldest);
      return;
    }
  }

  async #stored(metrics: readonly DecodedMetric[], batch: number): Promise<Set<string>> {
    const unique = (of: (metric: DecodedMetric) => string): string[] => Array.from(new Set(metrics.map(of)));
    const sql = `SELECT DISTINCT project, toString(attributes.${REPORT_ID}) AS id FROM telltale_data.metric_rows
      WHERE project IN {projects:Array(String)} AND name IN {names:Array(String)}
        AND toUnixTimestamp(hour) IN {hours:Array(UInt32)} AND row < {first:UInt64}
        AND toString(attributes.${REPORT_ID}) IN {ids:Array(String)}`;
    const parameters = {
      projects: unique(({ project }) => project),
      names: unique(({ record }) => record.name),
      hours: unique(({ record, receivedAt }) => String(hourOf(record.time, receivedAt))).map(Number),
      ids: unique((metric) => idOf(metric) ?? ""),
      first: firstRow(batch),
    };
    const bytes = await this.#store.read(sql, parameters, { format: "JSONEachRow", maxSeconds: 60 });
    const rows = jsonLines<{ readonly project: string; readonly id: string }>(bytes);
    return new Set(rows.map(({ project, id }) => keyOf(project, id)));
  }
}

function idOf({ record }: DecodedMetric): string | undefined {
  if (!record.name.startsWith(PREFIX)) return undefined;
  const id = record.attributes.get(REPORT_ID);
  return typeof id === "string" && id !== "" && id.length <= LONGEST_ID ? id : undefined;
}

function reportOf(metric: DecodedMetric): string | undefined {
  const id = idOf(metric);
  return id === undefined ? undefined : keyOf(metric.project, id);
}

function keyOf(project: string, id: string): string {
  return `${project}/${id}`;
}
