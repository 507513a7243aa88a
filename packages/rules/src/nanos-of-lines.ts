import { type CostLine, divideHalfEven } from "@telltale/model";

/** Prices are for so many. */
const TOKENS_PER_PRICE = 1_000_000n;

/** What lines cost together, in nano-units of their currency: exact until it is rounded once, half to even. */
export function nanosOfLines(lines: readonly CostLine[]): bigint {
  const exact = lines.reduce((sum, line) => sum + BigInt(line.tokens) * line.nanosPerMillion, 0n);
  return divideHalfEven(exact, TOKENS_PER_PRICE);
}
