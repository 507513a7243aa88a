import { debug } from "../diagnostics.ts";
import { hideFromForeignTracers } from "../span/foreign-parent.ts";
import { runtime } from "../runtime.ts";
import type { Poster, PostResult } from "./post.ts";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** A server that is away longer than this loses the batch: newer ones wait behind it. */
const GIVE_UP_AFTER_MS = 5 * 60_000;
/** The server knows best, up to a point: an hour-long wait is giving up under another name. */
const LONGEST_RETRY_AFTER_MS = 60_000;

/** A wait that can be cut short: by a flush, or at the end of the program. */
export interface Patience {
  /** True when there is to be no further attempt after so many. */
  exhausted(attempts: number): boolean;
  /** Resolves after `ms`, or when somebody begins to wait. Keeps the process alive only for those. */
  wait(ms: number): Promise<void>;
}

/** Why a batch did not arrive. */
export type Delivery = "sent" | "refused" | "unreachable";

/** Sends one batch until it is taken, refused or given up. */
export async function deliver(
  poster: Poster,
  pieces: readonly Buffer[],
  options: { readonly headers: Readonly<Record<string, string>>; readonly timeoutMs: number },
  patience: Patience,
): Promise<Delivery> {
  const started = Date.now();
  for (let attempt = 0; ; attempt++) {
    const result = await postUnseen(poster, pieces, options);
    if (result.type === "done") return "sent";
    if (result.type === "refused") {
      debug(`The server refused spans: ${result.reason}`);
      return "refused";
    }
    debug(`Spans could not be sent, trying again: ${result.reason}`);
    if (patience.exhausted(attempt + 1) || Date.now() - started > GIVE_UP_AFTER_MS) return "unreachable";
    await patience.wait(waitBefore(attempt, result.retryAfterMs));
  }
}

function postUnseen(
  poster: Poster,
  pieces: readonly Buffer[],
  { headers, timeoutMs }: { readonly headers: Readonly<Record<string, string>>; readonly timeoutMs: number },
): Promise<PostResult> {
  return new Promise((resolve) => {
    runtime.storage.run({ span: undefined, tapped: true }, () => {
      hideFromForeignTracers(() => {
        poster.post(pieces, headers, timeoutMs).then(resolve, () => resolve({ type: "retry", reason: "failed" }));
      });
    });
  });
}

/** Doubling, with half of it left to chance so that a fleet does not come back in one wave. */
function waitBefore(attempt: number, retryAfterMs: number | undefined): number {
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
  const jittered = wait / 2 + (Math.random() * wait) / 2;
  return retryAfterMs === undefined ? jittered : Math.min(LONGEST_RETRY_AFTER_MS, retryAfterMs) + Math.random() * 250;
}
