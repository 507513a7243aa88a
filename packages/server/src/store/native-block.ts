import type { Column, ColumnBatch } from "../store.ts";

const TYPES = { u64: "UInt64", i64: "Nullable(Int64)", f64: "Nullable(Float64)", text: "String" } as const;

/** Names and types of a batch's columns, as the table function `input` wants them. */
export function inputStructure(batch: ColumnBatch): string {
  return batch.columns.map(({ name, type }) => `${name} ${TYPES[type]}`).join(", ");
}

/**
 * The batch as one block of ClickHouse's Native format: for each column its name, its type and its
 * values one after the other; missing values as a byte per row before them. All little-endian.
 */
export function nativeBlock(batch: ColumnBatch): Buffer[] {
  const head = [varint(batch.columns.length), varint(batch.rows)];
  return [...head, ...batch.columns.flatMap((column) => [...columnHead(column), ...columnValues(column, batch.rows)])];
}

function columnHead(column: Column): Buffer[] {
  return [column.name, TYPES[column.type]].flatMap((text) => {
    const bytes = Buffer.from(text);
    return [varint(bytes.length), bytes];
  });
}

function columnValues(column: Column, rows: number): Buffer[] {
  switch (column.type) {
    case "text":
      return [textValues(column.offsets, column.bytes, rows)];
    case "u64":
      return [view(column.data)];
    case "i64":
    case "f64":
      return [column.nulls ? view(column.nulls) : Buffer.alloc(rows), view(column.data)];
  }
}

/** A length of five bytes at most (2³¹) before each text. */
const LENGTH_BYTES = 5;

function textValues(offsets: Int32Array, bytes: Uint8Array, rows: number): Buffer {
  const start = offsets[0] ?? 0;
  const total = (offsets[rows] ?? start) - start;
  const target = Buffer.allocUnsafe(total + rows * LENGTH_BYTES);
  let end = 0;
  for (let row = 0; row < rows; row++) {
    const from = offsets[row]!;
    const to = offsets[row + 1]!;
    end = writeVarint(target, end, to - from);
    target.set(bytes.subarray(from, to), end);
    end += to - from;
  }
  return target.subarray(0, end);
}

function writeVarint(target: Buffer, position: number, value: number): number {
  let rest = value;
  let end = position;
  while (rest >= 0x80) {
    target[end++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[end++] = rest;
  return end;
}

function varint(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(LENGTH_BYTES);
  return bytes.subarray(0, writeVarint(bytes, 0, value));
}

function view(data: NodeJS.ArrayBufferView): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
