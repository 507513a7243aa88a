/** Bits per id: ten bits and seven probes give one false "maybe" in a hundred. */
const BITS_PER_ID = 10;
const PROBES = 7;
const SMALLEST_CAPACITY = 1_000_000;

/**
 * A Bloom filter over trace ids: answers "surely new" without asking the store, which would
 * otherwise be asked for every batch. Grows by starting anew; the caller then adds all ids again.
 */
export class TraceFilter {
  readonly #words: Uint32Array;
  readonly #bits: number;
  readonly #capacity: number;
  #size = 0;

  constructor(expected: number) {
    this.#capacity = Math.max(SMALLEST_CAPACITY, expected * 2);
    this.#bits = this.#capacity * BITS_PER_ID;
    this.#words = new Uint32Array(Math.ceil(this.#bits / 32));
  }

  /** More ids than it was made for: false answers become frequent and a larger one is due. */
  get full(): boolean {
    return this.#size > this.#capacity;
  }

  /** Adds a trace id (32 hex digits). */
  add(traceId: string): void {
    const [first, step] = probesOf(traceId);
    for (let probe = 0; probe < PROBES; probe++) {
      const bit = (first + probe * step) % this.#bits;
      this.#words[bit >>> 5]! |= 1 << (bit & 31);
    }
    this.#size++;
  }

  /** False only for an id that was never added. */
  has(traceId: string): boolean {
    const [first, step] = probesOf(traceId);
    for (let probe = 0; probe < PROBES; probe++) {
      const bit = (first + probe * step) % this.#bits;
      if (!(this.#words[bit >>> 5]! & (1 << (bit & 31)))) return false;
    }
    return true;
  }
}

/** Two numbers from all 128 bits: senders may fill half of an id with zeros or a time. */
function probesOf(traceId: string): [number, number] {
  let a = 0x811c9dc5;
  let b = 0x01000193;
  for (let index = 0; index < traceId.length; index++) {
    const code = traceId.charCodeAt(index);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b + code, 0x85ebca6b) ^ (b >>> 13);
  }
  return [a >>> 0, ((b >>> 0) | 1) >>> 0];
}
