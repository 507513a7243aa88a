import { debug } from "../diagnostics.ts";
import { deliver, type Patience } from "./deliver.ts";
import { type Answer, type Outlet, sendUnseen } from "./outlet.ts";
import type { OtlpRequest, Parcel } from "./otlp-request.ts";
import { retryWait } from "./retry-wait.ts";
import type { RequestStore } from "./request-store.ts";
import type { Loss, Tally } from "./tally.ts";

/** Processes that died leave files in the spool: they are looked for so often. */
const LOOK_AGAIN_MS = 60_000;

/** What became of one request. `lost` only when the server surely has nothing of it; `refused`: nor wants it. */
export type Fate = "arrived" | "kept" | "lost" | "refused" | "unknown";

/**
 * Brings requests to the server one at a time: from memory with patience, or, where there is a
 * spool, with one attempt and then onto the disk until the server is back.
 */
export class Dispatcher {
  readonly #outlet: Outlet;
  readonly #spool: RequestStore | undefined;
  readonly #patience: Patience;
  readonly #tally: Tally;
  /** Before this (ms since 1970) the server is not asked again. */
  #awayUntil = 0;
  #failures = 0;
  #toldToWait = false;
  /** When the disk was last found empty. */
  #drainedAt: number | undefined;
  #stopped = false;

  constructor(outlet: Outlet, spool: RequestStore | undefined, patience: Patience, tally: Tally) {
    this.#outlet = outlet;
    this.#spool = spool;
    this.#patience = patience;
    this.#tally = tally;
  }

  /** Milliseconds until the disk should be drained again; 0 when it is time; undefined without a spool. */
  get nextDrainIn(): number | undefined {
    if (this.#spool === undefined) return undefined;
    const next = this.#drainedAt === undefined ? this.#awayUntil : this.#drainedAt + LOOK_AGAIN_MS;
    return Math.max(0, next - Date.now());
  }

  /** Keeps nothing on disk any more: the exporter does so itself at the end. */
  stop(): void {
    this.#stopped = true;
  }

  /** Somebody waits: the server is asked again at once, unless it said when. */
  hurry(): void {
    if (!this.#toldToWait) this.#awayUntil = 0;
    this.#drainedAt = undefined;
  }

  /** Sends a request, or keeps it on disk, or counts it as lost. */
  async dispatch(parcel: Parcel): Promise<Fate> {
    const { request } = parcel;
    if (request.count === 0) return "arrived";
    if (this.#spool !== undefined) {
      const kept = await this.#sendOrKeep(this.#spool, parcel);
      if (kept !== undefined) return kept;
    }
    const { answer, untouched } = await deliver(this.#outlet, parcel, this.#patience);
    if (answer.type === "too-large") return this.#inHalves(parcel);
    if (this.#settle(request, answer, "sent")) return "arrived";
    if (answer.type === "refused") return untouched ? "refused" : "unknown";
    return untouched ? "lost" : "unknown";
  }

  /** Sends what is on disk, oldest first, `most` requests of it. False when there is nothing left to try now. */
  async drain(most: number): Promise<boolean> {
    const spool = this.#spool;
    if (spool === undefined || Date.now() < this.#awayUntil) return false;
    for (let sent = 0; sent < most; sent++) {
      const claim = await spool.next();
      this.#drainedAt = claim === undefined ? Date.now() : undefined;
      if (claim === undefined) return false;
      const { request } = claim;
      if (request === undefined) {
        debug("A file of the spool was damaged.");
        this.#tally.lost.damaged++;
      } else {
        const answer = await this.#attempt(request);
        if (answer.type === "away") {
          await claim.giveBack();
          return false;
        }
        this.#settle(request, answer, "sentFromSpool");
      }
      await claim.remove();
    }
    return true;
  }

  /** Puts a request on disk at the very end of the process. */
  keepNow(request: OtlpRequest): void {
    if (request.count === 0 || this.#spool?.writeNow(request) !== true) return;
    if (request.signal === "traces") this.#tally.spooled += request.count;
  }

  /** Undefined when neither server nor disk took it. */
  async #sendOrKeep(spool: RequestStore, parcel: Parcel): Promise<Fate | undefined> {
    const { request } = parcel;
    if (Date.now() >= this.#awayUntil) {
      const answer = await this.#attempt(request);
      if (answer.type === "too-large") return this.#inHalves(parcel);
      if (answer.type !== "away") {
        if (this.#settle(request, answer, "sent")) return "arrived";
        parcel.missed?.();
        return "refused";
      }
    }
    if (this.#stopped) return "kept";
    const kept = await spool.write(request);
    if (kept === "kept") {
      this.#drainedAt = undefined;
      if (request.signal === "traces") this.#tally.spooled += request.count;
      return "kept";
    }
    if (kept === "failed") return undefined;
    debug("Spans are dropped: the spool is full.", { once: true });
    this.#lose(request, "spoolFull");
    parcel.missed?.();
    return "lost";
  }

  async #attempt(request: OtlpRequest): Promise<Answer> {
    const answer = await sendUnseen(this.#outlet, request);
    if (answer.type === "away") {
      debug(`Spans could not be sent, trying again: ${answer.reason}`);
      this.#toldToWait = answer.retryAfterMs !== undefined;
      this.#awayUntil = Date.now() + retryWait(this.#failures++, answer.retryAfterMs);
    } else {
      this.#awayUntil = 0;
      this.#failures = 0;
    }
    return answer;
  }

  async #inHalves({ request, halves }: Parcel): Promise<Fate> {
    const parts = halves();
    if (parts === undefined) {
      debug("The server refused a span that is too large for it; maxSpanBytes can shorten such spans.", { once: true });
      this.#lose(request, "refused");
      return "refused";
    }
    let arrived = true;
    for (const part of parts) arrived = (await this.dispatch(part)) === "arrived" && arrived;
    return arrived ? "arrived" : "unknown";
  }

  /** Counts what an answer says of the request; false when it never arrives. */
  #settle(request: OtlpRequest, answer: Answer, counter: "sent" | "sentFromSpool"): boolean {
    if (answer.type === "taken") {
      const rejected = Math.min(answer.rejected, request.count);
      if (rejected > 0 || answer.message !== "") {
        debug(`The server took a request but not all of it: ${rejected} rejected. ${answer.message}`, { once: true });
      }
      if (request.signal !== "traces") return true;
      this.#tally.lost.rejected += rejected;
      this.#tally[counter] += request.count - rejected;
      return true;
    }
    if (answer.type !== "away") debug(`The server refused ${request.signal}: ${answer.reason}`, { once: true });
    this.#lose(request, answer.type === "away" ? "unreachable" : "refused");
    return false;
  }

  #lose({ signal, count }: OtlpRequest, loss: Loss): void {
    if (signal === "traces") this.#tally.lost[loss] += count;
  }
}
