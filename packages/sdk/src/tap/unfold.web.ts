/** What `fetch` gives is unpacked. */
export function unfold(bytes: Buffer, _encoding: string): Buffer {
  return bytes;
}
