import { shortName, spanFacts } from "../trace/span-facts.ts";
import type { TraceModel } from "../trace/trace-model.ts";

/** What a run of repeats adds up to. */
export interface GroupFacts {
  readonly names: readonly string[];
  readonly kind: string;
  readonly times: number;
  readonly start: number;
  /** From the first start to the last end; `null` while one of them runs. */
  readonly duration: number | null;
  readonly tokens: number | null;
  readonly costNanos: bigint | null;
  /** What some of them cost is not wholly known. */
  readonly isLowerBound: boolean;
  readonly errors: number;
}

const known = new WeakMap<TraceModel["index"], Map<number, GroupFacts>>();

/** Sums over a run, made once per run and trace: a run may have 50,000 spans. */
export function groupFacts(model: TraceModel, group: number): GroupFacts {
  const ofTrace = known.get(model.index) ?? new Map<number, GroupFacts>();
  known.set(model.index, ofTrace);
  const facts = ofTrace.get(group) ?? sumGroup(model, group);
  ofTrace.set(group, facts);
  return facts;
}

function sumGroup({ index, groups, skeleton }: TraceModel, group: number): GroupFacts {
  const first = groups.first[group] ?? 0;
  const billed = skeleton.strings.indexOf("billed");
  const from = index.place[first] ?? 0;
  let start = Infinity;
  let end: number | null = 0;
  let tokens: number | null = null;
  let costNanos: bigint | null = null;
  let isLowerBound = false;
  let errors = 0;
  for (let place = from; place < (groups.end[group] ?? 0); place++) {
    const span = index.order[place] ?? 0;
    const begin = skeleton.start[span] ?? 0;
    const duration = skeleton.duration[span] ?? null;
    start = Math.min(start, begin);
    end = end === null || duration === null ? null : Math.max(end, begin + duration);
    errors += index.failed[span] ?? 0;
    if (skeleton.billing[span] !== billed) continue;
    const sum: number = (skeleton.inputTokens[span] ?? 0) + (skeleton.outputTokens[span] ?? 0);
    if (skeleton.inputTokens[span] !== null || skeleton.outputTokens[span] !== null) tokens = (tokens ?? 0) + sum;
    const cost = skeleton.costNanos[span] ?? null;
    isLowerBound ||= cost === null || skeleton.isLowerBound[span] === 1;
    if (cost !== null) costNanos = (costNanos ?? 0n) + BigInt(cost);
  }
  const names = roundNames(index, skeleton, from, groups.round[group] ?? 1);
  return {
    names,
    kind: spanFacts(skeleton, first).kind,
    times: groups.times[group] ?? 0,
    start,
    duration: end === null ? null : end - start,
    tokens,
    costNanos,
    isLowerBound,
    errors,
  };
}

function roundNames(
  index: TraceModel["index"],
  skeleton: TraceModel["skeleton"],
  from: number,
  round: number,
): string[] {
  const names: string[] = [];
  for (let place = from; names.length < round;) {
    const span = index.order[place] ?? 0;
    names.push(shortName(spanFacts(skeleton, span)));
    place = index.end[span] ?? place + 1;
  }
  return names;
}
