/** A body in gzip. Loads node:zlib when it is wanted: it takes 10 ms, which no start-up should wait for. */
export async function compress(body: Buffer): Promise<Buffer> {
  const { gzip } = await import("node:zlib");
  return new Promise((resolve, reject) => {
    gzip(body, (error, compressed) => (error === null ? resolve(compressed) : reject(error)));
  });
}
