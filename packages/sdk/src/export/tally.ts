import type { ExportCounts } from "../export-counts.ts";

/** Why spans never reached a server. */
export type Loss = "queueFull" | "refused" | "rejected" | "unreachable" | "spoolFull" | "damaged";

/** What became of spans, as far as it is known. */
export class Tally {
  /** Taken by the server, straight from memory. */
  sent = 0;
  /** Put on disk by this process. */
  spooled = 0;
  /** Taken by the server from the disk, whichever process put them there. */
  sentFromSpool = 0;
  /** Sent with less content than they had. */
  shortened = 0;
  /** Left out on purpose. */
  sampledOut = 0;
  readonly lost: Record<Loss, number> = {
    queueFull: 0,
    refused: 0,
    rejected: 0,
    unreachable: 0,
    spoolFull: 0,
    damaged: 0,
  };

  /** As programs are told; `queued` are on their way. */
  counts(queued: number): ExportCounts {
    const { lost, sent, spooled, sentFromSpool, shortened, sampledOut } = this;
    return {
      sent,
      queued,
      spooled,
      sentFromSpool,
      shortened,
      sampledOut,
      droppedQueueFull: lost.queueFull,
      droppedRefused: lost.refused,
      droppedRejected: lost.rejected,
      droppedUnreachable: lost.unreachable,
      droppedSpoolFull: lost.spoolFull,
      damagedSpoolFiles: lost.damaged,
    };
  }
}
