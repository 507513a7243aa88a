/** Beyond this the wall clock was set, or the machine slept, and the anchor is taken again. */
const LARGEST_DRIFT_MS = 250;

let anchor = Date.now() - performance.now();

/**
 * Milliseconds since 1970 with sub-microsecond steps that never run backwards within a trace.
 * Good to about 0.25 µs, which is what a double holds at this size.
 */
export function now(): number {
  return anchor + performance.now();
}

/** Called where a new trace begins, so that a correction never falls inside one. */
export function adjustClock(): void {
  const wall = Date.now();
  if (Math.abs(wall - now()) > LARGEST_DRIFT_MS) anchor = wall - performance.now();
}
