/** Deeper than this, two values are not compared but called different: no real answer is, and the stack is finite. */
const MAX_DEPTH = 500;

/**
 * Whether two values of JSON say the same: the order of an object's members does not matter, that of an array does;
 * a number is what it is worth (1 is 1.0).
 */
export function sameJson(left: unknown, right: unknown, depth = 0): boolean {
  if (Object.is(left, right) || (left === 0 && right === 0)) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (depth > MAX_DEPTH || Array.isArray(left) !== Array.isArray(right)) return false;
  const leftMembers = new Map(Object.entries(left));
  const rightMembers = new Map(Object.entries(right));
  if (leftMembers.size !== rightMembers.size) return false;
  for (const [key, value] of leftMembers)
    if (!rightMembers.has(key) || !sameJson(value, rightMembers.get(key), depth + 1)) return false;
  return true;
}
