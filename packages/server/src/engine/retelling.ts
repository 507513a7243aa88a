import { Buffer } from "node:buffer";

/** A stored span that is to be translated again. */
export interface Retelling {
  readonly project: string;
  readonly traceId: string;
  readonly spanId: string;
}

/** Spans to translate again as the body of a journal's entry. */
export function writeRetellings(spans: readonly Retelling[]): Uint8Array {
  return Buffer.from(JSON.stringify({ spans }));
}

/** What {@link writeRetellings} wrote. Throws where it is no such body. */
export function readRetellings(body: Uint8Array): readonly Retelling[] {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
  // Only this program writes such entries, and the journal has checked them.
  return (JSON.parse(text) as { spans: readonly Retelling[] }).spans;
}
