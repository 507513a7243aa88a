import type { CallCost } from "./call-program.ts";

/** One run, with what arrived at the sink for each call. */
export interface Measured extends CallCost {
  readonly bytes: number;
}

/** Runs by variant, each list in the order of the rounds; `none` is the floor. */
export type Runs = ReadonlyMap<string, readonly Measured[]>;

type Row = Record<string, string | number>;

function middle(values: readonly number[]): number {
  const sorted = values.toSorted((first, second) => first - second);
  const half = sorted.length / 2;
  return ((sorted[Math.floor(half)] ?? 0) + (sorted[Math.ceil(half) - 1] ?? 0)) / 2;
}

/** The median over rounds of what a variant costs above the floor of the same round. */
function added(runs: Runs, variant: string, key: keyof Measured): number {
  const floor = runs.get("none") ?? [];
  return middle((runs.get(variant) ?? []).map((each, round) => each[key] - (floor[round]?.[key] ?? 0)));
}

/** From the second lowest to the second highest round, so that one that was disturbed says nothing. */
function spread(runs: Runs, variant: string, key: keyof Measured): string {
  const floor = runs.get("none") ?? [];
  const isFloor = variant === "none";
  const values = (runs.get(variant) ?? []).map((each, round) => each[key] - (isFloor ? 0 : (floor[round]?.[key] ?? 0)));
  const sorted = values.toSorted((first, second) => first - second);
  const inner = sorted.length >= 5 ? sorted.slice(1, -1) : sorted;
  return `${rounded(inner[0] ?? 0)}..${rounded(inner.at(-1) ?? 0)}`;
}

const rounded = (value: number): number => (Math.abs(value) < 10 ? Number(value.toFixed(1)) : Math.round(value));

/** A row for each variant. The floor's row tells what the call itself costs. */
export function costTable(runs: Runs, modules: ReadonlyMap<string, number>, chunks: number): Row[] {
  const ownModules = modules.get("none") ?? 0;
  return Array.from(runs, ([variant, measured]) => {
    const isFloor = variant === "none";
    const tell = (key: keyof Measured): number =>
      rounded(isFloor ? middle(measured.map((each) => each[key])) : added(runs, variant, key));
    const row: Row = { variant, "median us": tell("median") };
    row["(spread)"] = spread(runs, variant, "median");
    if (chunks > 0) row["us per chunk"] = Number((added(runs, variant, "median") / chunks).toFixed(2));
    row["p99 us"] = tell("p99");
    row["CPU us, sending included"] = tell("cpu");
    row["CPU (spread)"] = spread(runs, variant, "cpu");
    row["bytes sent"] = Math.round(middle(measured.map((each) => each.bytes)));
    row["start-up ms"] = tell("startUpMs");
    row.modules = (modules.get(variant) ?? 0) - (isFloor ? 0 : ownModules);
    row["RSS MB"] = tell("rss");
    return row;
  });
}

/** For each of our variants: what a call costs with it as a multiple of the floor, and what it adds as one of the best peer's. */
export function ratioTable(runs: Runs, ours: readonly string[]): Row[] {
  const peers = Array.from(runs.keys()).filter((name) => name !== "none" && !ours.includes(name));
  const keys = { median: "median", p99: "p99", cpu: "CPU", startUpMs: "start-up" } as const;
  return ours
    .filter((name) => runs.has(name))
    .map((variant) => {
      const row: Row = { variant };
      for (const [key, name] of Object.entries(keys) as [keyof typeof keys, string][]) {
        const floor = middle((runs.get("none") ?? []).map((each) => each[key]));
        row[`${name} / floor`] = Number(((floor + added(runs, variant, key)) / floor).toFixed(2));
        const best = Math.min(...peers.map((peer) => added(runs, peer, key)));
        // Below nothing or lost in the noise, there is no ratio to tell.
        row[`${name} / best peer`] = best > 0 ? Number((added(runs, variant, key) / best).toFixed(2)) : "-";
      }
      return row;
    });
}
