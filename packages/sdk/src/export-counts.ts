/** Counts of spans, by what became of them. `dropped` ones never reached a server, for the reason told. */
export interface ExportCounts {
  /** Taken by the server. */
  readonly sent: number;
  /** In memory, or on their way. */
  readonly queued: number;
  /** Put on disk by this process, because the server was away. */
  readonly spooled: number;
  /** Taken by the server from the disk, whichever process put them there. */
  readonly sentFromSpool: number;
  /** Sent with less content than they had, because they were too large. */
  readonly shortened: number;
  /** Left out on purpose by sampling; their counts, tokens and cost are told as metrics. */
  readonly sampledOut: number;
  /** For want of room in memory; their counts, tokens and cost are told as metrics too. */
  readonly droppedQueueFull: number;
  /** Refused for good, as with status 400 or 401. */
  readonly droppedRefused: number;
  /** Left out by a server that took the rest of their request (`partial_success`). */
  readonly droppedRejected: number;
  readonly droppedUnreachable: number;
  readonly droppedSpoolFull: number;
  /** Files of the spool that could not be read, of any number of spans. */
  readonly damagedSpoolFiles: number;
}

/** Before anything happened. */
export const NO_COUNTS: ExportCounts = {
  sent: 0,
  queued: 0,
  spooled: 0,
  sentFromSpool: 0,
  shortened: 0,
  sampledOut: 0,
  droppedQueueFull: 0,
  droppedRefused: 0,
  droppedRejected: 0,
  droppedUnreachable: 0,
  droppedSpoolFull: 0,
  damagedSpoolFiles: 0,
};
