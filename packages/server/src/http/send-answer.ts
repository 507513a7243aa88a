import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createGzip } from "node:zlib";

/** Below this a packet is a packet, compressed or not. */
const SMALLEST_COMPRESSED = 1_400;
/** Written at a time, so that a large answer leaves room between its pieces. */
const PIECE_BYTES = 256 * 1024;

/** A whole answer: bytes in pieces, one after another. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly pieces: readonly Uint8Array[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** Whether a client takes gzip. */
export function acceptsGzip(request: IncomingMessage): boolean {
  const accepted = String(request.headers["accept-encoding"] ?? "");
  return /(?:^|[\s,])(?:gzip|\*)(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(accepted);
}

/**
 * Sends an answer, compressed when it is large and the client can take it. Level 1: JSON columns
 * shrink to a sixth of their size in a third of the time of the default level.
 */
export async function sendAnswer(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  const length = answer.pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
  const compress = length >= SMALLEST_COMPRESSED && acceptsGzip(request);
  response.writeHead(answer.status, {
    "Content-Type": answer.type,
    ...answer.headers,
    ...(length >= SMALLEST_COMPRESSED ? { Vary: "Accept-Encoding" } : {}),
    ...(compress ? { "Content-Encoding": "gzip" } : { "Content-Length": String(length) }),
  });
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  const bytes = Readable.from(slices(answer.pieces), { objectMode: false });
  try {
    await (compress
      ? pipeline(bytes, createGzip({ level: constants.Z_BEST_SPEED }), response)
      : pipeline(bytes, response));
  } catch {
    // The client left, or the socket broke: there is nobody to tell.
    response.destroy();
  }
}

function* slices(pieces: readonly Uint8Array[]): Generator<Uint8Array> {
  let small: Uint8Array[] = [];
  let size = 0;
  for (const piece of pieces) {
    for (let start = 0; start < piece.byteLength; start += PIECE_BYTES) {
      const slice = piece.subarray(start, start + PIECE_BYTES);
      small.push(slice);
      size += slice.byteLength;
      if (size < PIECE_BYTES) continue;
      yield Buffer.concat(small);
      small = [];
      size = 0;
    }
  }
  if (size > 0) yield Buffer.concat(small);
}
