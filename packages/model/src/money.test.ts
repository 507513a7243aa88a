import fc from "fast-check";
import { expect, it } from "vitest";
import { divideHalfEven, formatNanos, nanosFromDecimal, usd } from "./money.ts";
import { moneySchema } from "./money-schema.ts";

it("rounds halves to the even neighbour, on both sides of zero", () => {
  expect([5n, 15n, 25n, -5n, -15n].map((top) => divideHalfEven(top, 10n))).toEqual([0n, 2n, 2n, 0n, -2n]);
  expect(divideHalfEven(26n, 10n)).toBe(3n);
});

it("is never more than half a unit away from the exact quotient", () => {
  fc.assert(
    fc.property(fc.bigInt(), fc.bigInt({ min: 1n }), (top, bottom) => {
      const distance = top - divideHalfEven(top, bottom) * bottom;
      expect((distance < 0n ? -distance : distance) * 2n <= bottom).toBe(true);
    }),
  );
});

it("reads reported decimals exactly", () => {
  expect(nanosFromDecimal(0.1)).toBe(100_000_000n);
  expect(nanosFromDecimal("1e-9")).toBe(1n);
  expect(nanosFromDecimal(0.0000375)).toBe(37_500n);
  expect(nanosFromDecimal("-2.5")).toBe(-2_500_000_000n);
  expect(["", "x", "NaN", ".", "1e9999"].map(nanosFromDecimal)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

it("prints what it reads", () => {
  fc.assert(fc.property(fc.bigInt(), (nanos) => nanosFromDecimal(formatNanos(nanos)) === nanos));
});

it("validates amounts", () => {
  expect(moneySchema.safeParse(usd(5n)).success).toBe(true);
  expect(moneySchema.safeParse({ nanos: 5, currency: "USD" }).success).toBe(false);
  expect(moneySchema.safeParse({ nanos: 5n, currency: "usd" }).success).toBe(false);
});
