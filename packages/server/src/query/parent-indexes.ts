/** The parent of a span that has none. */
export const ROOT = -1;
/** The parent of a span whose parent has not arrived. */
export const MISSING_PARENT = -2;

/** Index of each span's parent, where ids are of one trace; see {@link parentsBy}. */
export function parentIndexes(spanIds: readonly string[], parentIds: readonly string[]): Int32Array {
  const indexes = new Map<string, number>();
  for (let index = 0; index < spanIds.length; index++) indexes.set(spanIds[index]!, index);
  return parentsBy(parentIds, (parentId) => indexes.get(parentId));
}

/**
 * Index of each span's parent, as `find` knows it; {@link ROOT} or {@link MISSING_PARENT} where there is none.
 * Where spans are each other's ancestors, the first of the circle in the order given becomes a
 * root, so that every span hangs under exactly one. Linear in the number of spans.
 */
export function parentsBy(
  parentIds: readonly string[],
  find: (parentId: string, span: number) => number | undefined,
): Int32Array {
  const parents = new Int32Array(parentIds.length);
  for (let index = 0; index < parentIds.length; index++) {
    const parentId = parentIds[index]!;
    parents[index] = parentId === "" ? ROOT : (find(parentId, index) ?? MISSING_PARENT);
  }
  breakCircles(parents);
  return parents;
}

/** Walks up from every span; a walk that meets itself has found a circle. */
function breakCircles(parents: Int32Array): void {
  // 0: not seen; otherwise the number of the walk that came by.
  const walkOf = new Int32Array(parents.length);
  for (let start = 0; start < parents.length; start++) {
    const walk = start + 1;
    let index = start;
    while (index >= 0 && walkOf[index] === 0) {
      walkOf[index] = walk;
      index = parents[index]!;
    }
    if (index >= 0 && walkOf[index] === walk) parents[firstOfCircle(parents, index)] = ROOT;
  }
}

function firstOfCircle(parents: Int32Array, member: number): number {
  let first = member;
  for (let index = parents[member]!; index !== member; index = parents[index]!) if (index < first) first = index;
  return first;
}
