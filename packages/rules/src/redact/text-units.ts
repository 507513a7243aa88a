/** Units of a text that are looked at together: they and what is noted of them stay in the cache. */
export const BLOCK = 2048;

/** What Node has and browsers have not: a copy of a text's units in one instruction for many of them. */
interface UnitWriter {
  write(text: string, offset: number, encoding: "utf16le"): number;
}
interface UnitWriters {
  from?(buffer: ArrayBufferLike): UnitWriter;
}

/** Units in front of a block, which belong to its first three, and one behind it. */
export const LEAD = 2;

/**
 * The units of the block that is looked at, from `LEAD` on. What the text has not is 0, so that nobody reads outside
 * of the array: one such read makes every later one at that place in the program ten times as dear.
 */
export const units: Uint16Array = new Uint16Array(LEAD + BLOCK + 1);
const writer = makeWriter();

function makeWriter(): UnitWriter | undefined {
  const { Buffer: writers } = globalThis as { readonly Buffer?: UnitWriters };
  const made = writers?.from?.(units.buffer);
  // Where bytes are the other way round, or where something else has this name.
  if (made?.write?.("a€", 0, "utf16le") !== 4 || units[0] !== 0x61 || units[1] !== 0x20ac) return undefined;
  return made;
}

/**
 * Copies `[at, end)` of a text, at most a block, into `units`, with what stands around it: reading there costs a third
 * of reading in the text, which may be made of pieces in either of two encodings.
 */
export function copyUnits(text: string, at: number, end: number): void {
  const from = Math.max(0, at - LEAD);
  const to = Math.min(text.length, end + 1);
  const first = LEAD - (at - from);
  units.fill(0, 0, first);
  if (writer !== undefined) writer.write(text.slice(from, to), first * 2, "utf16le");
  else for (let index = from; index < to; index++) units[first + index - from] = text.charCodeAt(index);
  if (to === end) units[LEAD + end - at] = 0;
}
