import type { TraceIndex } from "./trace-index.ts";

/**
 * The counted span that most likely tells of the same call as an uncounted one: the nearest below or above
 * it with the same tokens. `undefined` when none is found; the server decided by more than is in the skeleton.
 */
export function findSameCall(index: TraceIndex, span: number): number | undefined {
  const { skeleton } = index;
  const billed = skeleton.strings.indexOf("billed");
  const isSame = (other: number): boolean =>
    other !== span &&
    skeleton.billing[other] === billed &&
    skeleton.inputTokens[other] === skeleton.inputTokens[span] &&
    skeleton.outputTokens[other] === skeleton.outputTokens[span];
  for (let place = (index.place[span] ?? 0) + 1; place < (index.end[span] ?? 0); place++) {
    const below = index.order[place] ?? 0;
    if (isSame(below)) return below;
  }
  for (let above = index.parent[span] ?? -1; above !== -1; above = index.parent[above] ?? -1) {
    if (isSame(above)) return above;
    for (
      let place = (index.place[above] ?? 0) + 1;
      place < Math.min(index.end[above] ?? 0, (index.place[above] ?? 0) + NEAR);
      place++
    ) {
      const near = index.order[place] ?? 0;
      if (isSame(near) && overlaps(index, span, near)) return near;
    }
  }
  return undefined;
}

/** Relatives looked through per ancestor: two layers of one call lie close together. */
const NEAR = 200;

function overlaps({ skeleton }: TraceIndex, left: number, right: number): boolean {
  const end = (span: number): number => (skeleton.start[span] ?? 0) + (skeleton.duration[span] ?? Infinity);
  return (skeleton.start[left] ?? 0) < end(right) && (skeleton.start[right] ?? 0) < end(left);
}
