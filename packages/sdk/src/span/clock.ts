/** Beyond this the wall clock was set, or the machine slept, and the anchor is taken again. */
const LARGEST_DRIFT_MS = 250;

/** The same for each copy of the SDK in a process, as bundlers make them: spans of two copies are in one trace. */
let anchor: number = performance.timeOrigin;

/**
 * Milliseconds since 1970 with sub-microsecond steps that never run backwards within a trace.
 * Good to about 0.25 µs, which is what a double holds at this size.
 */
export function now(): number {
  return anchor + performance.now();
}

/** The same where a new trace begins: a correction of the clock never falls inside of one. */
export function nowOfNewTrace(): number {
  const wall = Date.now();
  const time = now();
  if (Math.abs(wall - time) <= LARGEST_DRIFT_MS) return time;
  anchor = wall - performance.now();
  return now();
}
