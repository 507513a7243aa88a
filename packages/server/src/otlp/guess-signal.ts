import { OtlpDecodeError } from "./otlp-decode-error.ts";
import type { Signal } from "./record.ts";
import { WireReader } from "./wire-reader.ts";

/**
 * Which signal a record is of, by fields that no other signal has with that wire type;
 * `undefined` when it can not be told.
 */
export function guessSignal(body: Uint8Array, start: number, end: number): Signal | undefined {
  const reader = new WireReader(body);
  reader.position = start;
  const lengths = new Map<number, number>();
  while (reader.position < end) {
    const tag = reader.tag();
    const before = reader.position;
    reader.skip(tag, end);
    lengths.set(tag, reader.position - before);
  }
  if (reader.failure !== undefined) return undefined;
  // Span: start or end time as fixed64, or ids of the right length (with their length byte).
  if (lengths.has(57) || lengths.has(65)) return "traces";
  if (lengths.get(10) === 17 && lengths.get(18) === 9) return "traces";
  // LogRecord: time or observed time as fixed64.
  if (lengths.has(9) || lengths.has(89)) return "logs";
  // Metric: a name, and gauge, sum, histogram, exponential histogram or summary.
  if (lengths.has(10) && [42, 58, 74, 82, 90].some((tag) => lengths.has(tag))) return "metrics";
  return undefined;
}

/** The error for a request that holds another signal than its path says. */
export function wrongSignal(expected: Signal, found: Signal): OtlpDecodeError {
  return new OtlpDecodeError(`this is an OTLP ${found} request: send it to /v1/${found} instead of /v1/${expected}`);
}
