import { replaceMethod } from "../replace-method.ts";
import type { Exchange } from "./exchange.ts";
import { RequestBody } from "./request-body.ts";

/** Sees what the program writes to a request, on its way; the request stays the object it is. */
export function watchWritten(request: object, exchange: Exchange): void {
  const body = new RequestBody();
  const keep = (piece: unknown, encoding: unknown): void => {
    if (typeof piece === "string") body.add(Buffer.from(piece, isEncoding(encoding) ? encoding : "utf8"));
    else if (piece instanceof Uint8Array) body.add(piece);
  };
  let ending = false;
  replaceMethod(request, "write", (write) => (...values) => {
    if (!ending) keep(values[0], values[1]);
    return write(...values);
  });
  replaceMethod(request, "end", (end) => (...values) => {
    keep(values[0], values[1]);
    if (!body.empty) exchange.sent(body.taken());
    // `end` may write its last piece by calling `write`.
    ending = true;
    return end(...values);
  });
}

function isEncoding(value: unknown): value is BufferEncoding {
  return typeof value === "string" && Buffer.isEncoding(value);
}

/** Sees each piece of an answer where it is handed to the readable side, at the pace that the program reads. */
export function watchPushed(answer: object, exchange: Exchange): void {
  replaceMethod(answer, "push", (push) => (...values) => {
    if (values[0] instanceof Uint8Array) exchange.received(values[0]);
    return push(...values);
  });
}
