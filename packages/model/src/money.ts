/** An exact amount: integer nano-units (10⁻⁹) of a currency named by ISO 4217. */
export interface Money {
  readonly nanos: bigint;
  readonly currency: string;
}

/** US dollars from nano-dollars. */
export function usd(nanos: bigint): Money {
  return { nanos, currency: "USD" };
}

/**
 * `numerator / denominator` to the nearest integer, halves to the even one.
 * Used once per priced line, so that sums over many calls have no drift to one side.
 */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const sign = numerator < 0n !== denominator < 0n ? -1n : 1n;
  const top = numerator < 0n ? -numerator : numerator;
  const bottom = denominator < 0n ? -denominator : denominator;
  const whole = top / bottom;
  const twice = (top % bottom) * 2n;
  const up = twice > bottom || (twice === bottom && whole % 2n === 1n);
  return sign * (up ? whole + 1n : whole);
}

/**
 * Nano-units of a decimal told by somebody else, such as a reported cost in dollars.
 * `undefined` for what is not a finite number. A number is read through its shortest
 * decimal form, so 0.1 is 100,000,000 nanos and not one less.
 */
export function nanosFromDecimal(value: number | string): bigint | undefined {
  const match = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,3}))?$/.exec(String(value).trim());
  if (!match || (!match[2] && !match[3])) return undefined;
  const digits = BigInt((match[2] ?? "") + (match[3] ?? ""));
  const exponent = Number(match[4] ?? 0) - (match[3] ?? "").length + 9;
  const nanos = exponent >= 0 ? digits * 10n ** BigInt(exponent) : divideHalfEven(digits, 10n ** BigInt(-exponent));
  return match[1] === "-" ? -nanos : nanos;
}

/** The exact decimal of an amount, without a currency sign: `0.000037500`. */
export function formatNanos(nanos: bigint): string {
  const absolute = nanos < 0n ? -nanos : nanos;
  const text = absolute.toString().padStart(10, "0");
  return `${nanos < 0n ? "-" : ""}${text.slice(0, -9)}.${text.slice(-9)}`;
}
