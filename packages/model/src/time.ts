/** An instant, in nanoseconds since 1970-01-01T00:00:00Z (OTLP `fixed64`). */
export type Instant = bigint;

/** A length of time, in nanoseconds; never negative. */
export type Duration = bigint;

/** Nanoseconds in one millisecond. */
export const NANOS_PER_MILLISECOND = 1_000_000n;

/** Milliseconds of an instant or a duration, as a number with a fraction. */
export function toMilliseconds(nanos: bigint): number {
  return Number(nanos / 1000n) / 1000;
}

/** The instant of a number of milliseconds since 1970, fraction kept to the microsecond. */
export function fromMilliseconds(milliseconds: number): Instant {
  return BigInt(Math.round(milliseconds * 1000)) * 1000n;
}

/** From start to end; 0 where the clock went backwards between the two. */
export function durationBetween(start: Instant, end: Instant): Duration {
  return end > start ? end - start : 0n;
}

/** RFC 3339 with nanoseconds, in UTC: `2026-11-24T10:00:00.123456789Z`. */
export function formatInstant(instant: Instant): string {
  const seconds = instant / 1_000_000_000n;
  const fraction = (instant % 1_000_000_000n).toString().padStart(9, "0");
  return new Date(Number(seconds) * 1000).toISOString().slice(0, 19) + "." + fraction + "Z";
}
