import type { Column } from "../store.ts";

const FIRST_ROWS = 1024;
const TWO_TO_32 = 2 ** 32;

/** A column of whole numbers of 64 bits, signed or not, or of doubles, as it grows. */
export class NumberColumn {
  readonly name: string;
  readonly type: "u64" | "i64" | "f64";
  #memory: ArrayBuffer = new ArrayBuffer(FIRST_ROWS * 8);
  #wholes = new BigInt64Array(this.#memory);
  #halves = new Int32Array(this.#memory);
  #doubles = new Float64Array(this.#memory);
  #nulls = new Uint8Array(FIRST_ROWS);
  #rows = 0;

  constructor(name: string, type: "u64" | "i64" | "f64") {
    this.name = name;
    this.type = type;
  }

  append(value: bigint | number | null): void {
    const row = this.#rows++;
    if (row === this.#nulls.length) this.#grow();
    this.set(row, value);
  }

  set(row: number, value: bigint | number | null): void {
    this.#nulls[row] = value === null ? 1 : 0;
    if (value === null) this.#wholes[row] = 0n;
    else if (this.type === "f64") this.#doubles[row] = Number(value);
    else if (typeof value === "bigint") this.#wholes[row] = value;
    else {
      // Without a bigint in between, which would be an object on the heap. Little-endian, as every machine Node runs on.
      this.#halves[row * 2] = value;
      this.#halves[row * 2 + 1] = Math.floor(value / TWO_TO_32);
    }
  }

  value(row: number): bigint | number | null {
    if (this.#nulls[row] === 1) return null;
    return this.type === "f64" ? this.#doubles[row]! : this.#wholes[row]!;
  }

  #grow(): void {
    const memory = new ArrayBuffer(this.#memory.byteLength * 2);
    new Uint8Array(memory).set(new Uint8Array(this.#memory));
    this.#memory = memory;
    this.#wholes = new BigInt64Array(memory);
    this.#halves = new Int32Array(memory);
    this.#doubles = new Float64Array(memory);
    const nulls = new Uint8Array(this.#nulls.length * 2);
    nulls.set(this.#nulls);
    this.#nulls = nulls;
  }

  /** Rows `from` to `to`, over the same memory. */
  slice(from: number, to: number): Column | undefined {
    if (this.type === "u64")
      return { name: this.name, type: "u64", data: new BigUint64Array(this.#memory, from * 8, to - from) };
    const nulls = this.#nulls.subarray(from, to);
    if (!nulls.includes(0)) return undefined;
    const told = nulls.includes(1) ? { nulls } : {};
    return this.type === "f64"
      ? { name: this.name, type: "f64", data: this.#doubles.subarray(from, to), ...told }
      : { name: this.name, type: "i64", data: this.#wholes.subarray(from, to), ...told };
  }

  /** Only these rows, copied. */
  pick(rows: readonly number[]): Column | undefined {
    const picked = new NumberColumn(this.name, this.type);
    for (const row of rows) picked.append(this.value(row));
    return picked.slice(0, rows.length);
  }

  /** Begins anew in the same memory. */
  clear(): void {
    this.#rows = 0;
  }
}
