import type { Exchange } from "./exchange.ts";

/** The client of OpenAI counts its attempts in this header. */
const RETRY_COUNT = "x-stainless-retry-count";
/** AWS's clients count their attempts from 1: `attempt=2; max=3`. */
const ATTEMPT = "amz-sdk-request";
/**
 * Clients that end their own waiting by an abort tell in a header how many seconds they wait: those of
 * OpenAI and Anthropic rounded down, Google's rounded up.
 */
const PATIENCE: readonly (readonly [header: string, roundedUpMs: number])[] = [
  ["x-stainless-timeout", 0],
  ["x-server-timeout", 1000],
];

/** Headers of a request, by names in lower case. */
export interface RequestHeaders {
  get(name: string): unknown;
}

/** What a client tells of itself in the headers of a request. */
export function readRequestHeaders(headers: RequestHeaders, exchange: Exchange): void {
  // What they tell of waiting is wanted of the few calls that were aborted.
  exchange.requestHeaders = headers;
  exchange.resendCount = Number(headers.get(RETRY_COUNT) ?? 0);
  if (exchange.wire.name.startsWith("bedrock")) {
    const attempts = headers.get(ATTEMPT);
    const attempt = typeof attempts === "string" ? /^attempt=(\d{1,6})\b/.exec(attempts)?.[1] : undefined;
    if (attempt !== undefined) exchange.resendCount = Math.max(0, Number(attempt) - 1);
  }
}

/** After how many milliseconds, and a second at most, the client gives up by itself. */
export function patienceIn(headers: RequestHeaders | undefined): number | undefined {
  let patience: number | undefined;
  for (const [name, roundedUp] of PATIENCE) {
    const told = headers?.get(name) ?? undefined;
    const milliseconds = Number(told) * 1000 - roundedUp;
    if (told !== undefined && milliseconds >= 0) patience = milliseconds;
  }
  return patience;
}
