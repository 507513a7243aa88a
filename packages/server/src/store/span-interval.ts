/** SELECT list for when a span was open, in nanoseconds as text; of one that has no end only its start is known. */
export const INTERVAL_COLUMNS: string = `toString(toUnixTimestamp64Nano(start_time)) AS started,
  toString(toUnixTimestamp64Nano(ifNull(end_time, start_time))) AS ended`;

/** What {@link INTERVAL_COLUMNS} select. */
export interface IntervalLine {
  readonly started: string;
  readonly ended: string;
}

/** The times in a row of {@link INTERVAL_COLUMNS}, in nanoseconds since 1970. */
export function intervalOf({ started, ended }: IntervalLine): { startTime: bigint; endTime: bigint } {
  return { startTime: BigInt(started), endTime: BigInt(ended) };
}
