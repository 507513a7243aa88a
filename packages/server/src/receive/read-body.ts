import { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import type { BodyLease } from "./body-budget.ts";
import { SenderGone, tooLarge } from "./refusal.ts";

/** Puts the chunks of a body together, in a buffer of the lease where its length is known. */
class BodyCollector {
  bytes = 0;
  readonly #chunks: Buffer[] = [];
  readonly #length: number;
  readonly #lease: BodyLease;
  #whole: Buffer | undefined;

  constructor(length: number, lease: BodyLease) {
    this.#length = length;
    this.#lease = lease;
  }

  /** Throws `Refusal` when the budget has no room. */
  add(chunk: Buffer): void {
    this.#lease.take(chunk.length);
    if (this.bytes === 0 && chunk.length < this.#length) this.#whole = this.#lease.buffer(this.#length);
    if (this.#whole === undefined) this.#chunks.push(chunk);
    else chunk.copy(this.#whole, this.bytes);
    this.bytes += chunk.length;
  }

  body(): Buffer {
    if (this.#whole !== undefined) return this.#whole.subarray(0, this.bytes);
    return this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks, this.bytes);
  }
}

/**
 * Reads the body of a request as it was sent; it may be read until the lease is released. Rejects
 * with `Refusal` as soon as it is known to be over the limit or the budget has no room, and with
 * `SenderGone` when it ends before its time. What comes after a refusal is read and forgotten, so
 * that the sender gets to read the answer.
 */
export function readBody(request: IncomingMessage, limit: number, lease: BodyLease): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const length = Number(request.headers["content-length"] ?? 0);
    const collector = new BodyCollector(length, lease);
    const refuse = (error: unknown): void => {
      request.off("data", onData).off("end", onEnd).off("close", onClose);
      request.on("error", () => undefined).resume();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const onData = (chunk: Buffer): void => {
      try {
        if (collector.bytes + chunk.length > limit) throw tooLarge(limit);
        collector.add(chunk);
      } catch (error) {
        refuse(error);
      }
    };
    const onEnd = (): void => {
      request.off("close", onClose);
      resolve(collector.body());
    };
    const onClose = (): void => refuse(new SenderGone("the connection ended before the request did"));
    if (length > limit) return refuse(tooLarge(limit));
    request.on("data", onData).on("end", onEnd).on("close", onClose).on("error", refuse);
  });
}
