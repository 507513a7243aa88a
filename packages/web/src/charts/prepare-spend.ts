import { formatClock, formatDate } from "../format/time.ts";
import type { Spend, SpendSeries as ApiSeries } from "@telltale/server/api-types";

/** What the bars are tall by. */
export type SpendMeasure = "cost" | "calls";

/** One colour of the bars. `values` are dollars or calls, `null` where nothing is known: a gap, not 0. */
export interface SpendSeries {
  readonly key: string;
  /** 1 to 6, a token of the style sheet. It belongs to the name, not to the place. */
  readonly colour: number;
  readonly values: readonly (number | null)[];
}

/** All that is decided before anything is drawn. */
export interface SpendChart {
  readonly measure: SpendMeasure;
  readonly intervalMs: number;
  /** Milliseconds since 1970, every bucket of the range, those without calls included. */
  readonly times: readonly number[];
  readonly series: readonly SpendSeries[];
  /** How many series there are; more than `series` when the last one stands for the rest. */
  readonly seriesTotal: number;
}

/** Sums of the whole range. `nanos` is a lower bound when some calls have no price. */
export interface SpendTotals {
  readonly nanos: bigint;
  readonly calls: number;
  /** Null while nobody told any. */
  readonly tokens: number | null;
  readonly unpricedCalls: number;
  /** The part that has no traces: programs counted it and did not send it. */
  readonly unsent: { readonly nanos: bigint; readonly calls: number } | null;
  /** Counted from the text of calls without usage: in none of the sums. */
  readonly estimated: { readonly nanos: bigint; readonly calls: number } | null;
}

/** More colours than this cannot be told apart in a thin bar. */
const MOST_SERIES = 5;
const OTHERS = 6;
/** Buckets drawn at most: a year of days, or two weeks of hours. */
const MOST_BUCKETS = 400;
const LENGTH = { hour: 3_600_000, day: 86_400_000 } as const;

/** Decides buckets, series, colours and sums. `from` is where the range begins, if it does. */
export function prepareSpend(spend: Spend, measure: SpendMeasure, from?: number): SpendChart {
  const intervalMs = LENGTH[spend.interval];
  const times = fillTimes(spend, intervalMs, from);
  const at = new Map(spend.times.map((time, index) => [time, index]));
  const ranked = spend.series.toSorted((left, right) => compare(weight(right, measure), weight(left, measure)));
  const named = ranked.length <= MOST_SERIES + 1 ? ranked : ranked.slice(0, MOST_SERIES);
  const rest = [...ranked.slice(named.length), ...(spend.other === null ? [] : [spend.other])];
  const colours = assignColours(named.map(({ key }) => key));
  const read = (entry: ApiSeries, time: number): number | null => {
    const index = at.get(time);
    if (index === undefined) return null;
    if (measure === "calls") return entry.calls[index] ?? null;
    const nanos = entry.costNanos[index] ?? null;
    return nanos === null ? null : Number(nanos) / 1e9;
  };
  const series: SpendSeries[] = named.map((entry) => ({
    key: entry.key || (spend.by === "model" ? "unknown model" : `no ${spend.by}`),
    colour: colours.get(entry.key) ?? OTHERS,
    values: times.map((time) => read(entry, time)),
  }));
  if (rest.length > 0)
    series.push({
      key: `${spend.seriesTotal - named.length} others`,
      colour: OTHERS,
      values: times.map((time) => rest.map((entry) => read(entry, time)).reduce(addKnown, null)),
    });
  return { measure, intervalMs, times, series, seriesTotal: spend.seriesTotal };
}

/** When a bucket is: days are days of UTC, hours are told in the reader's own time. */
export function bucketLabel(chart: SpendChart, bucket: number): string {
  const time = chart.times[bucket] ?? 0;
  if (chart.intervalMs === LENGTH.day) return new Date(time).toISOString().slice(0, 10);
  return `${formatDate(time)} ${formatClock(time).slice(0, 5)}`;
}

/** Tops of the stacked bars, the uppermost first: drawn in this order each covers the lower part of the one before. */
export function stackSeries(series: readonly SpendSeries[]): (number | null)[][] {
  const tops: (number | null)[][] = [];
  let below: (number | null)[] | undefined;
  for (const { values } of series) {
    below = values.map((value, index) => addKnown(below?.[index] ?? null, value));
    tops.unshift(below);
  }
  return tops;
}

function addKnown(left: number | null, right: number | null): number | null {
  if (left === null) return right;
  return right === null ? left : left + right;
}

/** Fewer bars than this look like a mistake. */
const FEWEST_BUCKETS = 8;

/** Every bucket of the range, up to the last call; without a beginning, those since the first call. */
function fillTimes({ times, series }: Spend, interval: number, from: number | undefined): number[] {
  const first = times.find((_, index) => series.some(({ calls }) => calls[index] != null));
  const last = times.at(-1);
  if (first === undefined || last === undefined) return [];
  const wanted = from === undefined ? first : Math.min(first, Math.floor(from / interval) * interval);
  const count = Math.max(FEWEST_BUCKETS, Math.min(MOST_BUCKETS, (last - wanted) / interval + 1));
  return Array.from({ length: count }, (_, bucket) => last - (count - 1 - bucket) * interval);
}

function weight(entry: ApiSeries, measure: SpendMeasure): bigint {
  if (measure === "cost") return BigInt(entry.totalNanos);
  return BigInt(entry.calls.reduce<number>((sum, calls) => sum + (calls ?? 0), 0));
}

function compare(left: bigint, right: bigint): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

/** A colour by the hash of the name; who comes to a taken one gets the next free. */
function assignColours(keys: readonly string[]): ReadonlyMap<string, number> {
  const colours = new Map<string, number>();
  const taken = new Set<number>();
  for (const key of keys) {
    let hash = 0;
    for (const character of key) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
    let colour = hash % MOST_SERIES;
    while (taken.has(colour) && taken.size < MOST_SERIES) colour = (colour + 1) % MOST_SERIES;
    taken.add(colour);
    colours.set(key, taken.size > MOST_SERIES ? OTHERS : colour + 1);
  }
  return colours;
}

/** What all series come to. */
export function sumSpend(spend: Spend): SpendTotals {
  const sum = (values: readonly (number | null)[]): number =>
    values.reduce<number>((total, value) => total + (value ?? 0), 0);
  const known = (values: readonly (number | null)[]): boolean => values.some((value) => value !== null);
  let nanos = 0n;
  let calls = 0;
  let tokens: number | null = null;
  let unpricedCalls = 0;
  for (const entry of [...spend.series, ...(spend.other === null ? [] : [spend.other])]) {
    nanos += BigInt(entry.totalNanos);
    calls += sum(entry.calls);
    if (known(entry.inputTokens) || known(entry.outputTokens))
      tokens = (tokens ?? 0) + sum(entry.inputTokens) + sum(entry.outputTokens);
    unpricedCalls += entry.unpricedCalls;
  }
  const unsent = spend.unsent === null ? null : { nanos: BigInt(spend.unsent.costNanos), calls: spend.unsent.calls };
  const { estimated: share } = spend;
  const estimated = share === null ? null : { nanos: BigInt(share.nanos), calls: share.calls };
  return { nanos, calls, tokens, unpricedCalls, unsent, estimated };
}
