import { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import type { BodyLease } from "./body-budget.ts";
import { SenderGone, tooLarge } from "./refusal.ts";

/**
 * Reads the body of a request as it was sent. Rejects with `Refusal` as soon as it is known to be
 * over the limit or the lease has no room, and with `SenderGone` when it ends before its time. What
 * comes after a refusal is read and forgotten, so that the sender gets to read the answer.
 */
export function readBody(request: IncomingMessage, limit: number, lease: BodyLease): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const refuse = (error: unknown): void => {
      request.off("data", onData).off("end", onEnd).off("close", onClose);
      request.on("error", () => undefined).resume();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      try {
        if (bytes > limit) throw tooLarge(limit);
        lease.take(chunk.length);
        chunks.push(chunk);
      } catch (error) {
        refuse(error);
      }
    };
    const onEnd = (): void => {
      request.off("close", onClose);
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes));
    };
    const onClose = (): void => refuse(new SenderGone("the connection ended before the request did"));
    if (Number(request.headers["content-length"] ?? 0) > limit) return refuse(tooLarge(limit));
    request.on("data", onData).on("end", onEnd).on("close", onClose).on("error", refuse);
  });
}
