import type { TraceIndex } from "./trace-index.ts";

/** A loop shorter than this is clearer when it is written out. */
export const FOLD_FROM = 4;

/** The longest round that is looked for: model call, tool, model call, tool, … is a round of two. */
export const LONGEST_ROUND = 4;

/**
 * Runs of siblings that repeat: the same subtree again and again (a round of one), or the same few in the
 * same order. Since siblings lie side by side in pre-order, a run is a slice of it.
 */
export interface RepeatGroups {
  readonly count: number;
  /** By place in pre-order: the group that begins there, or -1. */
  readonly startsAt: Int32Array;
  /** By group: the place behind its last subtree. */
  readonly end: number[];
  /** By group: how many times the round is repeated, and of how many siblings a round consists. */
  readonly times: number[];
  readonly round: number[];
  /** By group: its first span. */
  readonly first: number[];
}

/** Finds the runs among the children of every span and among the spans at the top. */
export function findRepeatGroups(index: TraceIndex): RepeatGroups {
  const startsAt = new Int32Array(index.count).fill(-1);
  const groups: RepeatGroups = { count: 0, startsAt, end: [], times: [], round: [], first: [] };
  const siblings: number[] = [];
  for (let span = -1; span < index.count; span++) {
    if (span !== -1 && (index.childCount[span] ?? 0) < FOLD_FROM) continue;
    childrenOf(index, span, siblings);
    groupSiblings(index, siblings, groups);
  }
  return { ...groups, count: groups.first.length };
}

function childrenOf(index: TraceIndex, span: number, into: number[]): void {
  into.length = 0;
  let place = span === -1 ? 0 : (index.place[span] ?? 0) + 1;
  const end = span === -1 ? index.count : (index.end[span] ?? 0);
  while (place < end) {
    const child = index.order[place] ?? 0;
    into.push(child);
    place = index.end[child] ?? end;
  }
}

function groupSiblings(index: TraceIndex, siblings: readonly number[], groups: RepeatGroups): void {
  let at = 0;
  while (at < siblings.length) {
    const { round, times } = longestRun(index, siblings, at);
    const first = siblings[at] ?? 0;
    const last = siblings[at + round * times - 1] ?? first;
    if (times >= FOLD_FROM) {
      groups.startsAt[index.place[first] ?? 0] = groups.first.length;
      groups.first.push(first);
      groups.end.push(index.end[last] ?? 0);
      groups.times.push(times);
      groups.round.push(round);
      at += round * times;
    } else at += 1;
  }
}

/** The round that covers most siblings from here on; the shorter one where two cover the same. */
function longestRun(index: TraceIndex, siblings: readonly number[], from: number): { round: number; times: number } {
  let best = { round: 1, times: 1 };
  for (let round = 1; round <= LONGEST_ROUND; round++) {
    let same = from + round;
    while (same < siblings.length && sameShape(index, siblings[same], siblings[same - round])) same++;
    const times = Math.floor((same - from) / round);
    if (times >= FOLD_FROM && times * round > best.times * best.round) best = { round, times };
  }
  return best;
}

/** Also the same status of failure: an error is never hidden among good ones. */
function sameShape(index: TraceIndex, left: number | undefined, right: number | undefined): boolean {
  if (left === undefined || right === undefined) return false;
  return index.shape[left] === index.shape[right] && hasError(index, left) === hasError(index, right);
}

function hasError(index: TraceIndex, span: number): boolean {
  return (index.failed[span] ?? 0) + (index.errorsBelow[span] ?? 0) > 0;
}
