/** More changes than this, and two words have nothing to do with each other. */
const MAX_DISTANCE = 3;

/** Letters to add, drop, change or swap to get from one word to the other (Damerau–Levenshtein, adjacent swaps). */
export function editDistance(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1] ? 0 : 1;
      let cost = Math.min((last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + same);
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (row > 1 && column > 1 && swapped) cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return last[right.length] ?? 0;
}

/** The name that was most likely meant; `undefined` when none is near. */
export function nearestName(word: string, names: readonly string[]): string | undefined {
  if (word === "") return undefined;
  const ranked = names
    .map((name) => ({ name, distance: name.startsWith(word) ? 1 : editDistance(word.slice(0, 40), name) }))
    .sort((one, other) => one.distance - other.distance);
  const best = ranked[0];
  return best && best.distance <= Math.min(MAX_DISTANCE, best.name.length - 1) ? best.name : undefined;
}
