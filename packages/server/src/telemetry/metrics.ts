/** Label names and values of one series. Values come from our own code or its settings, never from senders. */
export type Labels = Readonly<Record<string, string | number>>;

/** Upper bounds of durations in seconds, from a fast append to a slow query. */
export const SECONDS_BUCKETS: readonly number[] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Only goes up. */
export interface Counter {
  add(by: number, labels?: Labels): void;
}

/** Counts observations at or below each bound, and their sum. */
export interface Histogram {
  observe(value: number, labels?: Labels): void;
}

/** A metric that can write itself in Prometheus' text format. */
interface Series {
  readonly head: string;
  lines(): string[];
}

/**
 * The process's own metrics, and their Prometheus text exposition (version 0.0.4). Asking twice
 * for a name gives the same metric. Names are `telltale_<what>_<unit>[_total]`.
 */
export class Metrics {
  readonly #series = new Map<string, Series>();

  counter(name: string, help: string): Counter {
    return this.#once(name, () => {
      const values = new Map<string, number>();
      return {
        head: headOf(name, help, "counter"),
        lines: () => [...values].map(([labels, value]) => `${name}${labels} ${value}`),
        add: (by: number, labels: Labels = {}): void => {
          const key = labelsText(labels);
          values.set(key, (values.get(key) ?? 0) + by);
        },
      };
    });
  }

  /** `read` is called at each exposition. */
  gauge(name: string, help: string, read: () => number): void {
    this.#series.set(name, { head: headOf(name, help, "gauge"), lines: () => [`${name} ${read()}`] });
  }

  /** Several of one name. `read` is called at each exposition. */
  gauges(name: string, help: string, read: () => Iterable<readonly [Labels, number]>): void {
    const lines = (): string[] => [...read()].map(([labels, value]) => `${name}${labelsText(labels)} ${value}`);
    this.#series.set(name, { head: headOf(name, help, "gauge"), lines });
  }

  histogram(name: string, help: string, bounds: readonly number[] = SECONDS_BUCKETS): Histogram {
    return this.#once(name, () => {
      const series = new Map<string, { labels: Labels; counts: number[]; sum: number }>();
      return {
        head: headOf(name, help, "histogram"),
        lines: () => [...series.values()].flatMap((one) => histogramLines(name, bounds, one)),
        observe: (value: number, labels: Labels = {}): void => {
          const key = labelsText(labels);
          const one = series.get(key) ?? { labels, counts: Array.from({ length: bounds.length + 1 }, () => 0), sum: 0 };
          series.set(key, one);
          for (let index = 0; index <= bounds.length; index++) {
            if (value <= (bounds[index] ?? Number.POSITIVE_INFINITY)) one.counts[index]!++;
          }
          one.sum += value;
        },
      };
    });
  }

  /** All metrics, in the order they were made. */
  text(): string {
    return [...this.#series.values()].flatMap((series) => [series.head, ...series.lines(), ""]).join("\n");
  }

  #once<Kind extends Series>(name: string, make: () => Kind): Kind {
    const known = this.#series.get(name) ?? make();
    this.#series.set(name, known);
    return known as Kind;
  }
}

/** The metrics of this process. */
export const metrics: Metrics = new Metrics();

function headOf(name: string, help: string, type: string): string {
  return `# HELP ${name} ${help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}\n# TYPE ${name} ${type}`;
}

function labelsText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(String(value))}`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function histogramLines(
  name: string,
  bounds: readonly number[],
  { labels, counts, sum }: { labels: Labels; counts: readonly number[]; sum: number },
): string[] {
  const buckets = counts.map(
    (count, index) => `${name}_bucket${labelsText({ ...labels, le: bounds[index] ?? "+Inf" })} ${count}`,
  );
  const text = labelsText(labels);
  return [...buckets, `${name}_sum${text} ${sum}`, `${name}_count${text} ${counts.at(-1) ?? 0}`];
}
