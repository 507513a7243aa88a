import { debug } from "../diagnostics.ts";
import { type Answer, type Outlet, sendUnseen } from "./outlet.ts";
import type { Parcel } from "./otlp-request.ts";
import { retryWait } from "./retry-wait.ts";

/** A server that is away longer than this loses the request: newer ones wait behind it. */
const GIVE_UP_AFTER_MS = 5 * 60_000;

/** A wait that can be cut short: by a flush, or at the end of the program. */
export interface Patience {
  /** True when there is to be no further attempt after so many. */
  exhausted(attempts: number): boolean;
  /** Resolves after `ms`, or when somebody begins to wait. Keeps the process alive only for those. */
  wait(ms: number): Promise<void>;
}

/** The last answer, and whether the server surely never took the request. */
export interface Delivery {
  readonly answer: Answer;
  readonly untouched: boolean;
}

/** Sends one request from memory until it is taken, refused or given up. */
export async function deliver(outlet: Outlet, { request, missed }: Parcel, patience: Patience): Promise<Delivery> {
  const started = Date.now();
  let untouched = true;
  for (let attempt = 0; ; attempt++) {
    const answer = await sendUnseen(outlet, request);
    if (attempt === 0 && answer.type !== "taken") missed?.();
    if (answer.type !== "away") return { answer, untouched };
    debug(`Spans could not be sent, trying again: ${answer.reason}`);
    untouched &&= answer.untouched;
    if (patience.exhausted(attempt + 1) || Date.now() - started > GIVE_UP_AFTER_MS) return { answer, untouched };
    await patience.wait(retryWait(attempt, answer.retryAfterMs));
  }
}
