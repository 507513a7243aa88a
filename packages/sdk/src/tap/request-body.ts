import { MultipartBody } from "./multipart-body.ts";

/** Requests above this are not kept: only what the answer tells is known of them. */
export const LARGEST_REQUEST: number = 32 * 1024 * 1024;

const DASH = 45;

/** Puts the pieces of a request's body together as they are written. */
export class RequestBody {
  #pieces: Buffer[] = [];
  #bytes = 0;
  #form: MultipartBody | undefined;

  /** Whether nothing was written so far. */
  get empty(): boolean {
    return this.#bytes === 0;
  }

  add(piece: Uint8Array): void {
    // A form begins with the two dashes of its boundary, which nothing in JSON does.
    if (this.#bytes === 0 && piece[0] === DASH && piece[1] === DASH) this.#form = new MultipartBody();
    this.#bytes += piece.length;
    if (this.#form !== undefined) this.#form.add(piece);
    else if (this.#bytes <= LARGEST_REQUEST) this.#pieces.push(Buffer.from(piece));
    else this.#pieces = [];
  }

  /** What was written: bytes as they were, a form as JSON. Undefined when it was too large to keep. */
  taken(): Buffer | string | undefined {
    if (this.#form !== undefined) return this.#form.json();
    return this.#bytes <= LARGEST_REQUEST ? Buffer.concat(this.#pieces) : undefined;
  }
}
