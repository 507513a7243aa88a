import { Buffer } from "node:buffer";
import type { Transform } from "node:stream";
import * as zlib from "node:zlib";
import type { BodyLease } from "./body-budget.ts";
import { Refusal, tooLarge } from "./refusal.ts";

/** Below this many compressed bytes the call that blocks is cheaper than a thread (a third less CPU). */
const SYNC_BYTES = 256 * 1024;
/** What a blocking call may give: some 20 ms. More goes to a thread. */
const SYNC_OUTPUT_BYTES = 4 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;
/** The window that RFC 8878 asks decoders to support; the library would allow 128 MiB per request. */
const ZSTD_WINDOW_LOG = 23;

/** One way to undo a content encoding: at once, or as a stream. */
interface Decoder {
  readonly sync: (body: Buffer, options: { maxOutputLength: number }) => Buffer;
  readonly stream: () => Transform;
}

const GZIP: Decoder = { sync: zlib.gunzipSync, stream: () => zlib.createGunzip({ chunkSize: CHUNK_BYTES }) };
const ZLIB: Decoder = { sync: zlib.inflateSync, stream: () => zlib.createInflate({ chunkSize: CHUNK_BYTES }) };
const RAW: Decoder = { sync: zlib.inflateRawSync, stream: () => zlib.createInflateRaw({ chunkSize: CHUNK_BYTES }) };

function zstdDecoder(): Decoder {
  const params = { [zlib.constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG };
  return {
    sync: (body, options) => zlib.zstdDecompressSync(body, { ...options, params }),
    stream: () => zlib.createZstdDecompress({ params, chunkSize: CHUNK_BYTES }),
  };
}

function decoderOf(encoding: string, body: Buffer): Decoder {
  if (encoding === "gzip" || encoding === "x-gzip") return GZIP;
  // "deflate" means zlib's format (RFC 9110 §8.4.1.2), but some senders leave its header out.
  if (encoding === "deflate") return (body[0]! & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0 ? ZLIB : RAW;
  if (encoding === "zstd" && typeof zlib.zstdDecompressSync === "function") return zstdDecoder();
  throw new Refusal(400, `unknown content-encoding "${encoding.slice(0, 40)}": use gzip, deflate, zstd or none`);
}

/**
 * The body without its content encoding. Rejects with `Refusal`: 413 as soon as the result is
 * longer than `limit`, 503 when the lease has no room, 400 when it is not what the header says.
 */
export async function decompress(body: Buffer, encoding: string, limit: number, lease: BodyLease): Promise<Buffer> {
  if (encoding === "" || encoding === "identity" || body.length === 0) return body;
  if (body.length < 2) throw notEncoded(encoding);
  const decoder = decoderOf(encoding, body);
  if (body.length < SYNC_BYTES) {
    try {
      const plain = decoder.sync(body, { maxOutputLength: Math.min(limit, SYNC_OUTPUT_BYTES) });
      lease.take(plain.length);
      return plain;
    } catch (error) {
      if (error instanceof Refusal) throw error;
      if (!isTooLong(error)) throw notEncoded(encoding, error);
      if (limit <= SYNC_OUTPUT_BYTES) throw tooLarge(limit);
    }
  }
  return decompressInThread(decoder.stream(), body, encoding, limit, lease);
}

function decompressInThread(
  stream: Transform,
  body: Buffer,
  encoding: string,
  limit: number,
  lease: BodyLease,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const guard = (work: () => void): void => {
      try {
        work();
      } catch (error) {
        stream.destroy();
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    stream.on("data", (chunk: Buffer) =>
      guard(() => {
        bytes += chunk.length;
        if (bytes > limit) throw tooLarge(limit);
        lease.take(chunk.length);
        chunks.push(chunk);
      }),
    );
    stream.on("end", () =>
      guard(() => {
        // Pieces and whole stand side by side for a moment.
        lease.take(bytes);
        resolve(Buffer.concat(chunks, bytes));
        lease.give(bytes);
      }),
    );
    stream.on("error", (error) => reject(notEncoded(encoding, error)));
    stream.end(body);
  });
}

function isTooLong(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
}

function notEncoded(encoding: string, cause?: unknown): Refusal {
  const detail = cause instanceof Error ? ` (${cause.message})` : "";
  return new Refusal(400, `the body is not ${encoding} as its content-encoding says${detail}`);
}
