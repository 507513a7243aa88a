/** Large bytes that go out from where they lie, and where each belongs between the bytes of a buffer. */
export class SetAside {
  #places: { at: number; readonly bytes: Buffer }[] = [];
  #length = 0;

  /** Bytes of all of them. */
  get length(): number {
    return this.#length;
  }

  /** These belong before the byte `at` of the buffer, behind all that were added. */
  add(at: number, bytes: Buffer): void {
    this.#places.push({ at, bytes });
    this.#length += bytes.length;
  }

  /** Bytes of those behind a place in the buffer. */
  lengthSince(place: number): number {
    let sum = 0;
    for (let index = this.#places.length - 1; index >= 0; index--) {
      const each = this.#places[index];
      if (each === undefined || each.at <= place) break;
      sum += each.bytes.length;
    }
    return sum;
  }

  /** What is behind this place in the buffer was moved. */
  moved(place: number, by: number): void {
    for (const each of this.#places) if (each.at > place) each.at += by;
  }

  /** Forgets what comes after `length` bytes of everything; answers with how many of them are in the buffer. */
  rewind(length: number): number {
    let last = this.#places.at(-1);
    while (last !== undefined && last.at + this.#length > length) {
      this.#places.pop();
      this.#length -= last.bytes.length;
      last = this.#places.at(-1);
    }
    return length - this.#length;
  }

  /** Everything in its order, of a buffer that is complete; nothing is kept of it. */
  takeBetween(buffer: Buffer): Buffer[] {
    const pieces: Buffer[] = [];
    let done = 0;
    for (const { at, bytes } of this.#places) {
      pieces.push(buffer.subarray(done, at), bytes);
      done = at;
    }
    this.#places = [];
    this.#length = 0;
    return [...pieces, done === 0 ? buffer : buffer.subarray(done)];
  }
}
