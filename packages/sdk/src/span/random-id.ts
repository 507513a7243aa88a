const POOL_BYTES = 4096;
/** An id that is kept keeps the digits that it was cut from: those of some forty spans. */
const PORTION_BYTES = 1024;
const pool = Buffer.allocUnsafeSlow(POOL_BYTES);
let used = POOL_BYTES;
let digits = "";
let position = 0;

function randomDigits(count: number): string {
  if (position + count > digits.length) refill();
  const text = digits.slice(position, position + count);
  position += count;
  // All zeros is the one value that W3C trace context forbids.
  return text.startsWith("0000") && !/[1-9a-f]/.test(text) ? randomDigits(count) : text;
}

function refill(): void {
  if (used === POOL_BYTES) {
    // The global loads what it needs when it is first used; importing node:crypto takes 10 ms at once.
    crypto.getRandomValues(pool);
    used = 0;
  }
  digits = pool.toString("hex", used, used + PORTION_BYTES);
  used += PORTION_BYTES;
  position = 0;
}

/** A new trace id: 32 lower-case hex digits. */
export function newTraceId(): string {
  return randomDigits(32);
}

/** A new span id: 16 lower-case hex digits. */
export function newSpanId(): string {
  return randomDigits(16);
}
