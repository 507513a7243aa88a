/** A compressed answer may unfold to this much; the rest of it is not read. */
const LARGEST_UNFOLDED = 16 * 1024 * 1024;

/** An answer as it was before it was compressed, also where its end is missing. Throws where it is damaged. */
export function unfold(bytes: Buffer, encoding: string): Buffer {
  if (encoding === "") return bytes;
  // Not imported: it takes 10 ms, and most answers are captured as the client got them, unpacked.
  const { brotliDecompressSync, constants, gunzipSync, inflateSync } = process.getBuiltinModule("node:zlib");
  const options = { maxOutputLength: LARGEST_UNFOLDED, finishFlush: constants.Z_SYNC_FLUSH };
  if (encoding === "gzip" || encoding === "x-gzip") return gunzipSync(bytes, options);
  if (encoding === "deflate") return inflateSync(bytes, options);
  if (encoding === "br") return brotliDecompressSync(bytes, { maxOutputLength: LARGEST_UNFOLDED });
  return bytes;
}
