/** A body in gzip. */
export async function compress(body: Buffer): Promise<Buffer> {
  const stream = new Blob([body]).stream().pipeThrough(new CompressionStream("gzip"));
  return Buffer.from(await new Response(stream).arrayBuffer());
}
