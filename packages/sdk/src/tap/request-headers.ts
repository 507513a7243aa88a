import type { Exchange } from "./exchange.ts";

/** The client of OpenAI counts its attempts in this header. */
const RETRY_COUNT = "x-stainless-retry-count";
/**
 * Clients that end their own waiting by an abort tell in a header how many seconds they wait: those of
 * OpenAI and Anthropic rounded down, Google's rounded up.
 */
const PATIENCE: readonly (readonly [header: string, roundedUpMs: number])[] = [
  ["x-stainless-timeout", 0],
  ["x-server-timeout", 1000],
];

/** What a client tells of itself in the headers of a request; `get` answers as that of Headers does. */
export function readRequestHeaders(get: (name: string) => unknown, exchange: Exchange): void {
  exchange.resendCount = Number(get(RETRY_COUNT) ?? 0);
  for (const [name, roundedUp] of PATIENCE) {
    const told = get(name) ?? undefined;
    const patience = Number(told) * 1000 - roundedUp;
    if (told !== undefined && patience >= 0) exchange.patienceMs = patience;
  }
}
