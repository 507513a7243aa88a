/** Units of a text that are looked at together: they and what is noted of them stay in the cache. */
export const BLOCK = 2048;

/** What Node has and browsers have not: a copy of a text's units in one instruction for many of them. */
interface UnitWriter {
  write(text: string, offset: number, encoding: "utf16le"): number;
}
interface UnitWriters {
  from?(buffer: ArrayBufferLike): UnitWriter;
}

/** The units of the block that is looked at. */
export const units: Uint16Array = new Uint16Array(BLOCK + 2);
const writer = makeWriter();

function makeWriter(): UnitWriter | undefined {
  const { Buffer: writers } = globalThis as { readonly Buffer?: UnitWriters };
  const made = writers?.from?.(units.buffer);
  // Where bytes are the other way round, or where something else has this name.
  if (made?.write?.("a€", 0, "utf16le") !== 4 || units[0] !== 0x61 || units[1] !== 0x20ac) return undefined;
  return made;
}

/**
 * Copies `[from, to)` of a text, at most two units more than a block, into `units`: reading there costs a third of
 * reading in the text, which may be made of pieces in either of two encodings.
 */
export function copyUnits(text: string, from: number, to: number): void {
  if (writer !== undefined) writer.write(text.slice(from, to), 0, "utf16le");
  else for (let index = from; index < to; index++) units[index - from] = text.charCodeAt(index);
}
