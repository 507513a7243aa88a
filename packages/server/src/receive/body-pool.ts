import { Buffer } from "node:buffer";

/** A usual batch of 512 spans takes 1.5 MB, one of large prompts more. */
const BUFFER_BYTES = 4 * 2 ** 20;
/** Smaller bodies cost the collector little. */
const MIN_BYTES = 64 * 1024;
/** As many requests as are usually read at one time; 64 MiB altogether. */
const BUFFERS = 16;

/**
 * Buffers that are used again for the bodies of larger requests: a fresh one for each makes the
 * garbage collector take a third of the receiving CPU. Whoever finds none free makes its own.
 */
export class BodyPool {
  readonly #free: Buffer[] = [];
  #made = 0;

  /** A buffer of at least `bytes`, to be given back; `undefined` when this body needs one of its own. */
  take(bytes: number): Buffer | undefined {
    if (bytes < MIN_BYTES || bytes > BUFFER_BYTES) return undefined;
    const free = this.#free.pop();
    if (free !== undefined || this.#made >= BUFFERS) return free;
    this.#made++;
    return Buffer.allocUnsafeSlow(BUFFER_BYTES);
  }

  /** Only after nobody reads it any more. */
  give(buffer: Buffer): void {
    this.#free.push(buffer);
  }
}
