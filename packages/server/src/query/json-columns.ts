const NEWLINE = 0x0a;
const COMMA = 0x2c;
const OPEN = 0x5b;
const EMPTY = Buffer.from("[]");

/**
 * The columns of an answer in the format `JSONCompactColumns`, each as the bytes of a JSON array,
 * uncopied. The format writes one column on each line; line breaks in texts are escaped. An answer
 * without rows has no lines.
 */
export function jsonColumns(answer: Uint8Array, count: number): Uint8Array[] {
  const columns: Uint8Array[] = [];
  let position = answer.indexOf(OPEN) + 1;
  for (;;) {
    const start = answer.indexOf(OPEN, position);
    if (start < 0 || columns.length === count) break;
    const lineEnd = answer.indexOf(NEWLINE, start);
    const end = lineEnd < 0 ? answer.length : lineEnd;
    columns.push(answer.subarray(start, answer[end - 1] === COMMA ? end - 1 : end));
    position = end;
  }
  while (columns.length < count) columns.push(EMPTY);
  return columns;
}

/** The values of one column. */
export function columnValues(column: Uint8Array): unknown[] {
  const values: unknown = JSON.parse(Buffer.from(column.buffer, column.byteOffset, column.byteLength).toString());
  return Array.isArray(values) ? values : [];
}
