import type { Buffer } from "node:buffer";

/**
 * Keys and short values (models, providers, roles) come again in every span: text seen before
 * is found by a hash of its bytes and compared byte by byte, which takes a third of the time of
 * decoding it and makes no garbage. One text per slot, the newest wins, so the cache is bounded
 * and hostile text only makes it useless for a while. Only ASCII is kept.
 */
const SLOTS = 8_192;
/** Of longer texts every second byte is hashed: what differs between the rest is found when they are compared. */
const SAMPLED = 16;
const slots: string[] = Array.from({ length: SLOTS }, () => "");

/** The text of `bytes[start, end)`; bytes that are no UTF-8 become U+FFFD. */
export function readCachedText(bytes: Buffer, start: number, end: number): string {
  const stride = end - start <= SAMPLED ? 1 : 2;
  let hash = end - start;
  for (let index = end - 1; index >= start; index -= stride) hash = (Math.imul(hash, 31) + bytes[index]!) | 0;
  const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
  const cached = slots[slot]!;
  if (cached.length === end - start && equals(cached, bytes, start)) return cached;
  const text = bytes.toString("utf8", start, end);
  if (text.length === end - start && isAscii(bytes, start, end)) slots[slot] = text;
  return text;
}

function equals(text: string, bytes: Buffer, start: number): boolean {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) !== bytes[start + index]) return false;
  }
  return true;
}

function isAscii(bytes: Buffer, start: number, end: number): boolean {
  for (let index = start; index < end; index++) if (bytes[index]! > 0x7f) return false;
  return true;
}
