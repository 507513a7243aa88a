import type { Answer } from "./outlet.ts";
import { partialSuccessOf } from "./read-answer.ts";

/** The statuses that OTLP/HTTP declares worth another attempt. */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);
/** Of those, the ones by which a server says that it did nothing; behind a gateway's word it may have. */
const UNTOUCHED: ReadonlySet<number> = new Set([429, 503]);
const TOO_LARGE = 413;

/** What a server said to a request of OTLP/HTTP. `header` is asked in lower case. */
export function answerOf(status: number, header: (name: string) => string | null | undefined, body: Buffer): Answer {
  const reason = `HTTP status ${status}`;
  if (status >= 200 && status < 300) {
    return { type: "taken", ...partialSuccessOf(body, header("content-type")?.includes("json") === true) };
  }
  if (status === TOO_LARGE) return { type: "too-large", reason };
  if (!RETRYABLE.has(status)) return { type: "refused", reason };
  const retryAfterMs = retryAfter(header("retry-after") ?? undefined);
  return { type: "away", reason, retryAfterMs, untouched: UNTOUCHED.has(status) };
}

/** Seconds or an HTTP date, as milliseconds from now. */
export function retryAfter(header: string | undefined, now: number = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  if (header.trim() !== "" && Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
