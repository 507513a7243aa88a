import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ALWAYS,
  isKept,
  probabilityOf,
  probabilityOfThreshold,
  randomnessOf,
  secondRandomness,
} from "./probability.ts";
import { readTraceState, withThreshold } from "./trace-state.ts";

describe("a sampling probability", () => {
  // Examples of OpenTelemetry's specification: "TraceState: Probability Sampling", th.
  it.each([
    [1, "0"],
    [0.5, "8"],
    [0.25, "c"],
    [0.75, "4"],
    [0.01, "fd70a"],
    [0.1, "e6666"],
  ])("of %s is written th:%s", (ratio, th) => {
    const probability = probabilityOf(ratio);
    expect(probability?.th.slice(0, 5)).toBe(th);
    expect(probability?.value).toBeCloseTo(ratio, 4);
    expect(probabilityOfThreshold(probability?.th)).toEqual(probability);
  });

  it("is what its threshold says, to less than a ten-thousandth of itself, however small", () => {
    fc.assert(
      fc.property(fc.double({ min: 2 ** -40, max: 1, noNaN: true }), (ratio) => {
        const probability = probabilityOf(ratio);
        expect(probability).toBeDefined();
        expect(Math.abs((probability?.value ?? 0) / ratio - 1)).toBeLessThan(1e-4);
        const kept = 2 ** 56 - Number.parseInt(probability?.threshold ?? "", 16);
        expect(Math.abs(kept / 2 ** 56 - (probability?.value ?? 0))).toBeLessThan(2 ** -50);
      }),
    );
    expect(probabilityOf(0)).toBeUndefined();
    expect(probabilityOf(Number.NaN)).toBeUndefined();
    expect(isKept("f".repeat(14), undefined)).toBe(false);
  });

  it("keeps that share of random traces, and each at every higher probability too", () => {
    const ids = Array.from({ length: 20_000 }, () => randomBytes(16).toString("hex"));
    const keptAt = (ratio: number): Set<string> =>
      new Set(ids.filter((id) => isKept(randomnessOf(id), probabilityOf(ratio))));
    const tenth = keptAt(0.1);
    const third = keptAt(1 / 3);
    expect(tenth.size / ids.length).toBeCloseTo(0.1, 1);
    expect(Math.abs(third.size / ids.length - 1 / 3)).toBeLessThan(0.02);
    expect([...tenth].every((id) => third.has(id))).toBe(true);
    expect(keptAt(1).size).toBe(ids.length);
    const half = [...tenth].filter((id) => secondRandomness(id) < 0.5).length / tenth.size;
    expect(Math.abs(half - 0.5)).toBeLessThan(0.08);
  });

  it("goes by the randomness that a process upstream chose", () => {
    expect(randomnessOf("0".repeat(32), "ffffffffffffff")).toBe("ffffffffffffff");
    expect(randomnessOf(`${"0".repeat(18)}123456789abcde`, "not hex")).toBe("123456789abcde");
    expect(ALWAYS.value).toBe(1);
  });
});

describe("tracestate", () => {
  it.each([
    [undefined, "8", "ot=th:8"],
    ["vendor=1", "8", "ot=th:8,vendor=1"],
    ["vendor=1,ot=rv:00000000000001;th:4,b=2", "c", "ot=th:c;rv:00000000000001,vendor=1,b=2"],
    ["ot=th:4", undefined, undefined],
    ["a=1,ot=th:4;rv:00000000000001", undefined, "ot=rv:00000000000001,a=1"],
  ])("%s with th:%s is %s", (before, th, after) => {
    expect(withThreshold(before, th)).toBe(after);
    expect(readTraceState(after).th).toBe(th);
  });

  it("of any text is read and written without an error", () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom("8", undefined), (text, th) => {
        expect(readTraceState(withThreshold(text, th)).th).toBe(th);
      }),
    );
  });
});
