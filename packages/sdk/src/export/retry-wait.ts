const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** The server knows best, up to a point: an hour-long wait is giving up under another name. */
const LONGEST_RETRY_AFTER_MS = 60_000;
/** Those who were all told the same moment come back one by one. */
const RETRY_AFTER_SPREAD_MS = 250;

/**
 * Milliseconds to wait after `attempt` (0 is the first) failed: doubling, with half of it left to
 * chance so that a fleet does not come back in one wave; or what the server asked for.
 */
export function retryWait(attempt: number, retryAfterMs: number | undefined): number {
  if (retryAfterMs !== undefined) {
    return Math.min(LONGEST_RETRY_AFTER_MS, retryAfterMs) + Math.random() * RETRY_AFTER_SPREAD_MS;
  }
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt, 16));
  return wait / 2 + (Math.random() * wait) / 2;
}
