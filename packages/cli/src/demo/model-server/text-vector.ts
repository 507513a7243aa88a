/** Small enough to read, large enough that unrelated texts rarely share a place. */
const DIMENSIONS = 96;

/**
 * A vector for a text: its words, cut to their stems and hashed into places. The same text
 * has the same vector, and texts that share words point in like directions.
 */
export function textVector(text: string): number[] {
  const vector = Array.from({ length: DIMENSIONS }, () => 0);
  for (const word of text.toLowerCase().match(/\p{L}{3,}/gu) ?? []) {
    const place = hashOf(word.slice(0, 5)) % DIMENSIONS;
    vector[place] = (vector[place] ?? 0) + 1 / Math.sqrt(word.length < 4 ? 4 : 1);
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => Number((value / length).toFixed(6)));
}

/** FNV-1a, 32 bits. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash;
}
