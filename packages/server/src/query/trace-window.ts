/** The first window of the newest-first list: one minute before the newest, in seconds. A busy server fills a page in less. */
export const NEWEST_WINDOW_SECONDS = 60;

/** An empty window says only that traces are rare: a month, then everything. */
const EMPTY_GROWTH = 24 * 30;

const LEAST_GROWTH = 24;

/**
 * The next window after one that held `found` traces of the `limit` wanted: large enough to fill
 * the page twice if traces go on as they did, and at least a day for an hour: each is a look of its own.
 */
export function nextWindow(window: number, found: number, limit: number): number {
  const growth = found === 0 ? EMPTY_GROWTH : Math.ceil((2 * (limit + 1)) / found);
  return window * Math.max(LEAST_GROWTH, growth);
}
