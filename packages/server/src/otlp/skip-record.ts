import type { WireReader } from "./wire-reader.ts";

/** Passes over the fields of a record up to `end`: why it is refused, or `undefined` when they all fit. */
export function skipRecord(reader: WireReader, end: number, name: string): string | undefined {
  while (reader.position < end) reader.skip(reader.tag(), end);
  return whyBroken(reader, end, name);
}

/** The reason for a record whose fields do not fit; without the place, so that reasons repeat. */
export function whyBroken(reader: WireReader, end: number, name: string): string | undefined {
  if (reader.failure === undefined && reader.position === end) return undefined;
  const what = reader.failure?.replace(/ at byte \d+$/, "") ?? "a field that goes on behind it";
  return `${name} is cut or broken: ${what}`;
}
