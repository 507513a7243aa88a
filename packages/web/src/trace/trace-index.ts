import type { TraceSkeleton } from "@telltale/server/api-types";
import { spanKey } from "./joined-spans.ts";

/** Why a span stands at the top of the tree. */
export const ROOT = 0;
/** Its parent has not arrived, or lies outside of what was sent. */
export const ORPHAN = 1;
/** Its ancestors lead back to itself, so it was cut loose here. */
export const CYCLE = 2;
/** It has a parent. */
export const CHILD = 3;

/**
 * A trace as parallel columns, one entry per span, with no object per span: 100,000 spans
 * cost about 3 MB and no garbage. Spans are numbered as in the skeleton; `order` lists those numbers
 * parents first (pre-order), `place` is the way back. A subtree is the slice `[place, end)` of `order`.
 * Never changed once built.
 */
export interface TraceIndex {
  readonly skeleton: TraceSkeleton;
  readonly count: number;
  readonly order: Int32Array;
  readonly place: Int32Array;
  /** By span: the parent's number, -1 at the top. */
  readonly parent: Int32Array;
  readonly standing: Uint8Array;
  /** 0 at the top. */
  readonly depth: Int32Array;
  /** By span: where its subtree ends in `order`. */
  readonly end: Int32Array;
  readonly childCount: Int32Array;
  /** By span: its position among its siblings, from 1, and how many they are. */
  readonly position: Int32Array;
  readonly siblings: Int32Array;
  /** By span: how many spans below it failed, itself not counted. */
  readonly errorsBelow: Int32Array;
  readonly failed: Uint8Array;
  /** By span: equal for subtrees of the same shape and the same names. */
  readonly shape: Int32Array;
  /** Milliseconds from the origin to the end of the last span. */
  readonly length: number;
  /** The span of a key, as `spanKey` makes it: the id of a span of this trace. */
  find(key: string): number | undefined;
}

/** Builds the columns; cycles and missing parents are kept and marked, nothing is dropped. */
export function buildTraceIndex(skeleton: TraceSkeleton): TraceIndex {
  const count = skeleton.spanId.length;
  const { parent, standing, first, next, roots } = linkChildren(skeleton.parent, count);
  const walk = walkTree(count, first, next, roots);
  const failed = markFailed(skeleton);
  const sums = sumUp(skeleton, walk.order, parent, failed);
  let ids: Map<string, number> | undefined;
  return {
    skeleton,
    count,
    parent,
    standing,
    failed,
    ...walk,
    ...sums,
    ...numberSiblings(count, first, next, roots),
    length: lengthOf(skeleton),
    find: (key) => {
      ids ??= new Map(skeleton.spanId.map((_, span) => [spanKey(skeleton, span), span]));
      return ids.get(key);
    },
  };
}

interface Links {
  readonly parent: Int32Array;
  readonly standing: Uint8Array;
  readonly first: Int32Array;
  readonly next: Int32Array;
  readonly roots: number[];
}

function linkChildren(parents: readonly number[], count: number): Links {
  const parent = new Int32Array(count).fill(-1);
  const standing = new Uint8Array(count);
  for (let span = 0; span < count; span++) {
    const above = parents[span] ?? -1;
    if (above >= 0 && above < count && above !== span) {
      parent[span] = above;
      standing[span] = CHILD;
    } else standing[span] = above === -1 ? ROOT : above === span ? CYCLE : ORPHAN;
  }
  cutCycles(parent, standing, count);
  const first = new Int32Array(count).fill(-1);
  const next = new Int32Array(count).fill(-1);
  const roots: number[] = [];
  // Backwards, so that every list of children comes out in order of start.
  for (let span = count - 1; span >= 0; span--) {
    const above = parent[span] ?? -1;
    if (above === -1) roots.push(span);
    else {
      next[span] = first[above] ?? -1;
      first[above] = span;
    }
  }
  roots.reverse();
  return { parent, standing, first, next, roots };
}

/** Walks up from every span once; whoever meets its own trail is cut loose. */
function cutCycles(parent: Int32Array, standing: Uint8Array, count: number): void {
  const seen = new Int32Array(count);
  for (let span = 0; span < count; span++) {
    const mark = span + 1;
    let at = span;
    while (at !== -1 && seen[at] === 0) {
      seen[at] = mark;
      at = parent[at] ?? -1;
    }
    if (at !== -1 && seen[at] === mark) {
      parent[at] = -1;
      standing[at] = CYCLE;
    }
  }
}

interface Walk {
  readonly order: Int32Array;
  readonly place: Int32Array;
  readonly depth: Int32Array;
  readonly end: Int32Array;
}

function walkTree(count: number, first: Int32Array, next: Int32Array, roots: readonly number[]): Walk {
  const order = new Int32Array(count);
  const place = new Int32Array(count);
  const depth = new Int32Array(count);
  const end = new Int32Array(count);
  const trail: number[] = [];
  let position = 0;
  for (const root of roots) {
    let span = root;
    while (span !== -1) {
      order[position] = span;
      place[span] = position++;
      depth[span] = trail.length;
      const child = first[span] ?? -1;
      if (child !== -1) {
        trail.push(span);
        span = child;
        continue;
      }
      end[span] = position;
      span = next[span] ?? -1;
      while (span === -1 && trail.length > 0) {
        const above = trail.pop() ?? -1;
        end[above] = position;
        // A root has no siblings in `next`; its walk ends here.
        span = trail.length > 0 || above !== root ? (next[above] ?? -1) : -1;
      }
    }
  }
  return { order, place, depth, end };
}

function markFailed(skeleton: TraceSkeleton): Uint8Array {
  const error = skeleton.strings.indexOf("error");
  const failed = new Uint8Array(skeleton.spanId.length);
  if (error === -1) return failed;
  for (let span = 0; span < failed.length; span++) if (skeleton.status[span] === error) failed[span] = 1;
  return failed;
}

function sumUp(
  skeleton: TraceSkeleton,
  order: Int32Array,
  parent: Int32Array,
  failed: Uint8Array,
): Pick<TraceIndex, "errorsBelow" | "shape"> {
  const errorsBelow = new Int32Array(order.length);
  const below = new Int32Array(order.length);
  const shape = new Int32Array(order.length);
  for (let position = order.length - 1; position >= 0; position--) {
    const span = order[position] ?? 0;
    let hash = Math.imul((skeleton.name[span] ?? 0) + 1, 0x9e3779b1);
    hash = Math.imul(hash ^ (skeleton.kind[span] ?? 0), 0x85ebca6b);
    hash = Math.imul(hash ^ (skeleton.toolName[span] ?? 0), 0xc2b2ae35);
    hash = Math.imul(hash ^ (below[span] ?? 0), 0x27d4eb2f);
    shape[span] = hash ^ (hash >>> 15);
    const above = parent[span] ?? -1;
    if (above === -1) continue;
    errorsBelow[above] = (errorsBelow[above] ?? 0) + (errorsBelow[span] ?? 0) + (failed[span] ?? 0);
    below[above] = Math.imul(below[above] ?? 0, 31) + (shape[span] ?? 0);
  }
  return { errorsBelow, shape };
}

function numberSiblings(
  count: number,
  first: Int32Array,
  next: Int32Array,
  roots: readonly number[],
): Pick<TraceIndex, "position" | "siblings" | "childCount"> {
  const position = new Int32Array(count);
  const siblings = new Int32Array(count);
  const childCount = new Int32Array(count);
  for (const [index, root] of roots.entries()) {
    position[root] = index + 1;
    siblings[root] = roots.length;
  }
  for (let span = 0; span < count; span++) {
    let many = 0;
    for (let child = first[span] ?? -1; child !== -1; child = next[child] ?? -1) position[child] = ++many;
    childCount[span] = many;
    for (let child = first[span] ?? -1; child !== -1; child = next[child] ?? -1) siblings[child] = many;
  }
  return { position, siblings, childCount };
}

function lengthOf(skeleton: TraceSkeleton): number {
  let length = 0;
  for (let span = 0; span < skeleton.spanId.length; span++)
    length = Math.max(length, (skeleton.start[span] ?? 0) + (skeleton.duration[span] ?? 0));
  return length;
}
