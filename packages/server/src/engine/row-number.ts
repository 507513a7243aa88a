/** Rows of one batch at most: 2²⁰, so that `batch · 2²⁰ + index` stays below 2⁵³ for 8 billion batches. */
export const ROWS_PER_BATCH: number = 2 ** 20;

/** The number of the first row of a batch; rows of earlier batches are all below it. */
export function firstRow(batch: number): number {
  return batch * ROWS_PER_BATCH;
}

const NANOS_PER_SECOND = 1_000_000_000n;
const SECONDS_PER_HOUR = 3600;
/** A clock further off than this files under the hour of arrival, so that one batch makes few partitions. */
const OLDEST_SECONDS = 30 * 24 * 3600;
const NEWEST_SECONDS = 24 * 3600;

/** The hour a span is filed under, in seconds since 1970. */
export function hourOf(startTime: bigint, receivedAt: bigint): number {
  const filed = secondOf(startTime, receivedAt);
  return filed - (filed % SECONDS_PER_HOUR);
}

/** The second in which something began, or in which it arrived where the sender's clock is far off. */
export function secondOf(startTime: bigint, receivedAt: bigint): number {
  const arrival = Number(receivedAt / NANOS_PER_SECOND);
  const start = Number(startTime / NANOS_PER_SECOND);
  return start < arrival - OLDEST_SECONDS || start > arrival + NEWEST_SECONDS ? arrival : start;
}
