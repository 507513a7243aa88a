const POOL_BYTES = 4096;
const pool = Buffer.allocUnsafeSlow(POOL_BYTES);
let position = POOL_BYTES;

function randomHex(bytes: number): string {
  if (position + bytes > POOL_BYTES) {
    // The global loads what it needs when it is first used; importing node:crypto takes 10 ms at once.
    crypto.getRandomValues(pool);
    position = 0;
  }
  const text = pool.toString("hex", position, position + bytes);
  position += bytes;
  // All zeros is the one value that W3C trace context forbids.
  return /[1-9a-f]/.test(text) ? text : randomHex(bytes);
}

/** A new trace id: 32 lower-case hex digits. */
export function newTraceId(): string {
  return randomHex(16);
}

/** A new span id: 16 lower-case hex digits. */
export function newSpanId(): string {
  return randomHex(8);
}
