const NEWLINE = 0x0a;
const COMMA = 0x2c;
const TAB = 0x09;

/**
 * The columns of an answer in the format `JSONCompactColumns`, each as the bytes of a JSON array,
 * uncopied. The format writes one column on each line; line breaks in texts are escaped.
 */
export function jsonColumns(answer: Uint8Array, count: number): Uint8Array[] {
  const columns: Uint8Array[] = [];
  let start = answer.indexOf(NEWLINE) + 1;
  while (columns.length < count) {
    let end = answer.indexOf(NEWLINE, start);
    if (end < 0) end = answer.length;
    let last = end;
    if (answer[last - 1] === COMMA) last--;
    let first = start;
    while (answer[first] === TAB) first++;
    columns.push(answer.subarray(first, last));
    start = end + 1;
  }
  return columns;
}

/** The values of one column. */
export function columnValues(column: Uint8Array): unknown[] {
  const values: unknown = JSON.parse(Buffer.from(column.buffer, column.byteOffset, column.byteLength).toString());
  return Array.isArray(values) ? values : [];
}
