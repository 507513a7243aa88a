import { describe, expect, it } from "vitest";
import { Budget } from "./budget.ts";
import type { TelemetryBudget } from "./sampling-options.ts";

/* Time is told to a budget, so that minutes of load are tried in no time. */

const TRACE_BYTES = 2000;
const SECOND = 1000;
const PHASE_SECONDS = 180;
/** Of a minute's bytes, what a steady load that has enough to send uses at least: the rest is what may go at once. */
const LEAST_OF_MINUTE = 0.79;
/** Of what calls pay for. */
const LEAST_OF_SHARE = 0.95;
/** So long after a load changed tenfold, what is sent follows it. */
const RECOVERY_SECONDS = 60;

interface Second {
  readonly offered: number;
  readonly sent: number;
  readonly earned: number;
}

/** Numbers that look random and are the same in every run (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Phases of so many traces a second, one after the other, each trace with a call that costs `nanos`. */
function run(options: TelemetryBudget, phases: readonly number[], nanos: bigint, seed: number): Second[] {
  const budget = new Budget(options);
  const random = dice(seed);
  const bytesPerNano = ((options.shareOfSpend ?? 0) / 1e9) * (1e9 / 0.5);
  const seconds: Second[] = [];
  for (const perSecond of phases)
    for (let second = 0; second < PHASE_SECONDS; second++) {
      const sums = { offered: 0, sent: 0, earned: 0 };
      for (let trace = 0; trace < perSecond; trace++) {
        const now = seconds.length * SECOND + (trace * SECOND) / perSecond;
        budget.earn(nanos, now);
        sums.earned += Number(nanos) * bytesPerNano;
        sums.offered += TRACE_BYTES;
        if (random() >= budget.ratio(TRACE_BYTES, now)) continue;
        budget.spend(TRACE_BYTES);
        sums.sent += TRACE_BYTES;
      }
      seconds.push(sums);
    }
  return seconds;
}

function total(seconds: readonly Second[], what: keyof Second): number {
  return seconds.reduce((sum, one) => sum + one[what], 0);
}

/** The seconds of a phase in which the load is what it was for a while. */
function settled(seconds: readonly Second[], phase: number): Second[] {
  return seconds.slice(phase * PHASE_SECONDS + RECOVERY_SECONDS, (phase + 1) * PHASE_SECONDS);
}

/** Tenfold up, tenfold again, and back. */
const PHASES = [4, 40, 400, 40, 4, 400, 4];

describe.each([1, 20, 300])("under a load that changes tenfold, with seed %s,", (seed) => {
  it("bytes per minute hold in every minute, and are used", () => {
    const bytesPerMinute = 1_000_000;
    const seconds = run({ bytesPerMinute }, PHASES, 0n, seed);
    for (let from = 0; from + 60 <= seconds.length; from++)
      expect(total(seconds.slice(from, from + 60), "sent")).toBeLessThanOrEqual(bytesPerMinute);
    for (const [phase, perSecond] of PHASES.entries()) {
      const part = settled(seconds, phase);
      const minutes = part.length / 60;
      // 0.48 MB a minute fit in, and all of it is sent again a minute after a flood.
      if (perSecond === 4) expect(total(part, "sent")).toBe(total(part, "offered"));
      else expect(total(part, "sent") / minutes).toBeGreaterThan(bytesPerMinute * LEAST_OF_MINUTE);
    }
  });

  it("a share of what calls cost is never passed, and is used", () => {
    // One percent of 50 µ$ a call pays for 1,000 bytes at 0.5 $ a gigabyte: half of the traces.
    const seconds = run({ shareOfSpend: 0.01 }, PHASES, 50_000n, seed);
    let sent = 0;
    let earned = 0;
    for (const one of seconds) {
      sent += one.sent;
      earned += one.earned;
      expect(sent).toBeLessThanOrEqual(earned);
    }
    for (const phase of PHASES.keys()) {
      const part = settled(seconds, phase);
      expect(total(part, "sent") / total(part, "earned")).toBeGreaterThan(LEAST_OF_SHARE);
    }
  });
});
