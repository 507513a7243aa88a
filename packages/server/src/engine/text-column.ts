import type { Column } from "../store.ts";

/** Texts up to this length are copied here; a call into native code costs as much as fifty of such steps. */
const SHORT = 24;
const FIRST_ROWS = 1024;
const FIRST_BYTES = 16 * 1024;

/** A column of text as it grows: bytes one after the other outside the heap, in the layout that stores insert. */
export class TextColumn {
  readonly type = "text";
  readonly name: string;
  #bytes: Buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #offsets: Int32Array<ArrayBuffer> = new Int32Array(FIRST_ROWS + 1);
  #rows = 0;
  #end = 0;

  constructor(name: string) {
    this.name = name;
  }

  append(text: string): void {
    if (this.#rows + 2 > this.#offsets.length) {
      const offsets = new Int32Array(this.#offsets.length * 2);
      offsets.set(this.#offsets);
      this.#offsets = offsets;
    }
    if (text !== "") this.#write(text);
    this.#offsets[++this.#rows] = this.#end;
  }

  #write(text: string): void {
    // UTF-8 needs at most three bytes for a UTF-16 unit.
    if (this.#end + text.length * 3 > this.#bytes.length) this.#makeRoom(text);
    if (text.length > SHORT || !this.#copyAscii(text)) this.#end += this.#bytes.write(text, this.#end);
  }

  /** Answers false, with nothing written, for a text beyond ASCII. */
  #copyAscii(text: string): boolean {
    const bytes = this.#bytes;
    let end = this.#end;
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      if (unit > 0x7f) return false;
      bytes[end++] = unit;
    }
    this.#end = end;
    return true;
  }

  #makeRoom(text: string): void {
    const needed = this.#end + Buffer.byteLength(text);
    // The estimate of three bytes a unit must hold for the next one too, or each text would come here.
    const bytes = Buffer.allocUnsafeSlow(Math.max(needed + text.length * 2, this.#bytes.length * 2));
    this.#bytes.copy(bytes, 0, 0, this.#end);
    this.#bytes = bytes;
  }

  /** Whether a row has a text at all. */
  has(row: number): boolean {
    return this.#offsets[row + 1] !== this.#offsets[row];
  }

  text(row: number): string {
    return this.#bytes.toString("utf8", this.#offsets[row], this.#offsets[row + 1]);
  }

  /** Rows `from` to `to`, over the same memory. */
  slice(from: number, to: number): Column | undefined {
    if (this.#offsets[from] === this.#offsets[to]) return undefined;
    return {
      name: this.name,
      type: "text",
      offsets: this.#offsets.subarray(from, to + 1),
      bytes: this.#bytes.subarray(0, this.#end),
    };
  }

  /** Only these rows, copied. */
  pick(rows: readonly number[]): Column | undefined {
    const picked = new TextColumn(this.name);
    for (const row of rows) picked.append(this.has(row) ? this.text(row) : "");
    return picked.slice(0, rows.length);
  }

  /** Begins anew in the same memory. */
  clear(): void {
    this.#rows = 0;
    this.#end = 0;
  }
}
