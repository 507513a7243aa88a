/** Digits of a 56-bit number in hex: what OpenTelemetry's consistent sampling counts in. */
const DIGITS = 14;
const ALL = 2n ** 56n;
/** Digits of a threshold beyond its leading f: enough for five decimal places of the probability. */
const PRECISION = 5;
const RANDOMNESS = /^[0-9a-f]{14}$/;
const THRESHOLD = /^[0-9a-f]{1,14}$/;

/**
 * A probability as OpenTelemetry's consistent sampling has it: a trace is kept when its
 * randomness is at least `threshold` (14 hex digits; they compare as text).
 */
export interface Probability {
  readonly threshold: string;
  /** As in `th` of tracestate: without trailing zeros. */
  readonly th: string;
  /** Exactly what the threshold says, so a little beside what was asked for. */
  readonly value: number;
}

/** Everything is kept. */
export const ALWAYS: Probability = { threshold: "0".repeat(DIGITS), th: "0", value: 1 };

/** The probability nearest to a ratio; undefined for 0, at which nothing is ever kept. */
export function probabilityOf(ratio: number): Probability | undefined {
  if (ratio >= 1) return ALWAYS;
  const kept = ratio > 0 ? BigInt(Math.round(ratio * 2 ** 56)) : 0n;
  if (kept === 0n) return undefined;
  const exact = (ALL - kept).toString(16).padStart(DIGITS, "0");
  const leading = /^f*/.exec(exact)?.[0].length ?? 0;
  return ofThreshold(exact.slice(0, Math.min(DIGITS, leading + PRECISION)));
}

/** The probability that `th` of another process tells; undefined when it is none. */
export function probabilityOfThreshold(th: string | undefined): Probability | undefined {
  return th !== undefined && THRESHOLD.test(th) ? ofThreshold(th) : undefined;
}

function ofThreshold(digits: string): Probability {
  const threshold = digits.padEnd(DIGITS, "0");
  const th = threshold.replace(/0+$/, "");
  return { threshold, th: th === "" ? "0" : th, value: Number(ALL - BigInt(`0x${threshold}`)) / 2 ** 56 };
}

/** The randomness of a trace: `rv` where a process upstream chose it, else the end of the trace id. */
export function randomnessOf(traceId: string, rv?: string): string {
  return rv !== undefined && RANDOMNESS.test(rv) ? rv : traceId.slice(-DIGITS);
}

/** Whether a trace of this randomness is kept. The same everywhere, and kept at every higher probability. */
export function isKept(randomness: string, probability: Probability | undefined): boolean {
  return probability !== undefined && randomness >= probability.threshold;
}

/** A number of [0, 1) that depends on the trace id alone, and not on what `isKept` looks at. */
export function secondRandomness(traceId: string): number {
  // FNV-1a: any spread will do.
  let hash = 0x811c9dc5;
  for (let index = 0; index < traceId.length; index++) {
    hash = Math.imul(hash ^ traceId.charCodeAt(index), 0x01000193) >>> 0;
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}
