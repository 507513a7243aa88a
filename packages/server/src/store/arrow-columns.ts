import type { Column, ColumnBatch } from "../store.ts";

/** A column in the layout of the Arrow C data interface, as the embedded engine takes it. */
export interface ArrowColumn {
  readonly name: string;
  /** Arrow's format letter: `L` u64, `l` i64, `g` f64, `u` text. */
  readonly format: "L" | "l" | "g" | "u";
  readonly length: number;
  readonly nullCount: number;
  /** Validity bits (null when every row has a value), then offsets and bytes, or values. */
  readonly buffers: readonly (Buffer | null)[];
}

const FORMATS = { u64: "L", i64: "l", f64: "g", text: "u" } as const;

/** The batch as Arrow columns over the same memory; only the bits of missing values are made anew. */
export function arrowColumns(batch: ColumnBatch): ArrowColumn[] {
  return batch.columns.map((column) => {
    const nulls = column.type === "i64" || column.type === "f64" ? column.nulls : undefined;
    const validity = nulls ? validityBits(nulls) : undefined;
    return {
      name: column.name,
      format: FORMATS[column.type],
      length: batch.rows,
      nullCount: validity?.missing ?? 0,
      buffers: [validity?.bits ?? null, ...valueBuffers(column)],
    };
  });
}

function valueBuffers(column: Column): Buffer[] {
  if (column.type === "text") return [view(column.offsets), view(column.bytes)];
  return [view(column.data)];
}

function view(data: NodeJS.ArrayBufferView): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

/** Arrow keeps one bit per row, least significant first, set where there is a value. */
function validityBits(nulls: Uint8Array): { bits: Buffer; missing: number } {
  const bits = Buffer.alloc((nulls.length + 7) >> 3);
  let missing = 0;
  for (let row = 0; row < nulls.length; row++) {
    if (nulls[row] === 0) bits[row >> 3]! |= 1 << (row & 7);
    else missing++;
  }
  return { bits, missing };
}
