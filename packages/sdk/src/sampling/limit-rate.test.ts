import { describe, expect, it } from "vitest";
import { Budget } from "./budget.ts";
import { RateLimit } from "./limit-rate.ts";

/** Numbers of [0, 1) that are the same in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describe("a rate", () => {
  it("is never passed in any second, is nearly used, and is spread over the second by its ratio", () => {
    const limit = new RateLimit(20);
    const random = seeded(7);
    const kept = new Map<number, number[]>();
    for (let now = 1000; now < 31_000; now += 2) {
      const isKept = random() < limit.ratio(now);
      limit.decided(isKept, now);
      const second = Math.floor(now / 1000);
      if (isKept) kept.set(second, [...(kept.get(second) ?? []), now % 1000]);
    }
    const settled = [...kept].filter(([second]) => second > 5).map(([, times]) => times);
    for (const times of kept.values()) expect(times.length).toBeLessThanOrEqual(20);
    expect(settled.flat().length / settled.length).toBeGreaterThan(15);
    const late = settled.flat().filter((time) => time >= 500).length;
    expect(late / settled.flat().length).toBeGreaterThan(0.35);
  });

  it("keeps everything where less comes", () => {
    const limit = new RateLimit(10);
    for (let now = 0; now < 20_000; now += 250) {
      expect(limit.ratio(now)).toBe(1);
      limit.decided(true, now);
    }
  });
});

describe("a budget", () => {
  it("of bytes a minute holds in every minute, with what is kept always, and is nearly used", () => {
    const budget = new Budget({ bytesPerMinute: 600_000 });
    const random = seeded(3);
    const sent: { now: number; bytes: number; always: boolean }[] = [];
    let offeredAlways = 0;
    for (let now = 0; now < 600_000; now += 100) {
      const bytes = 2000 + Math.floor(random() * 16_000);
      const always = random() < 0.02;
      if (always) offeredAlways++;
      const kept = always ? budget.affords(bytes, now) : random() < budget.ratio(bytes, now);
      if (!kept) continue;
      budget.spend(bytes);
      sent.push({ now, bytes, always });
    }
    for (const { now } of sent) {
      const minute = sent.filter((each) => each.now > now - 60_000 && each.now <= now);
      // One trace may end over the edge: its size is not known before.
      expect(minute.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(600_000 + 18_000);
    }
    const total = sent.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(total / 10).toBeGreaterThan(400_000);
    expect(sent.filter(({ always }) => always).length).toBeGreaterThan(offeredAlways * 0.95);
  });

  it("of a share of the spend is never more than that share, and follows it", () => {
    const budget = new Budget({ shareOfSpend: 0.01, pricePerGigabyte: 0.5 });
    const random = seeded(11);
    let spentNanos = 0;
    let bytesSent = 0;
    for (let now = 0; now < 600_000; now += 50) {
      const nanos = BigInt(Math.floor(random() * 2_000_000));
      spentNanos += Number(nanos);
      budget.earn(nanos, now);
      const bytes = 30_000;
      if (random() < budget.ratio(bytes, now)) {
        budget.spend(bytes);
        bytesSent += bytes;
      }
      expect((bytesSent / 1e9) * 0.5).toBeLessThanOrEqual((spentNanos / 1e9) * 0.01 + 1e-12);
    }
    expect((bytesSent / 1e9) * 0.5).toBeGreaterThan((spentNanos / 1e9) * 0.01 * 0.8);
  });
});
