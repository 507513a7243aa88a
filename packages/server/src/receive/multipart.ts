import { Buffer } from "node:buffer";
import { MAX_RECORDS } from "../otlp/limits.ts";
import { Refusal } from "./refusal.ts";

/** A part of `multipart/form-data` (RFC 7578). */
export interface Part {
  readonly name: string;
  /** Its content type, without parameters; "" when none is told. */
  readonly type: string;
  readonly body: Buffer;
}

/** Headers of one part are some 200 bytes. */
const MAX_HEAD_BYTES = 8 * 1024;
const HEAD_END = Buffer.from("\r\n\r\n");

/** The boundary that a content type names; throws `Refusal` (400) without one. */
export function boundaryOf(contentType: string): string {
  const found = /;\s*boundary=(?:"([^"]{1,200})"|([^\s;]{1,200}))/i.exec(contentType);
  const boundary = found?.[1] ?? found?.[2];
  if (boundary === undefined) throw new Refusal(400, "multipart/form-data without a boundary in its content-type");
  return boundary;
}

/** The parts of a body, as views into it. Throws `Refusal` (400) where it is cut off or no multipart. */
export function* partsIn(body: Buffer, boundary: string): Generator<Part, void, void> {
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const first = body.indexOf(delimiter.subarray(2));
  if (first < 0) throw new Refusal(400, "the boundary of the content-type is not in the body");
  let position = first + delimiter.length - 2;
  for (let parts = 0; !isLast(body, position); parts++) {
    if (parts > MAX_RECORDS) throw new Refusal(413, `more than ${MAX_RECORDS} parts: send smaller batches`);
    const headEnd = body.indexOf(HEAD_END, position);
    if (headEnd < 0 || headEnd - position > MAX_HEAD_BYTES) throw cutOff();
    const start = headEnd + HEAD_END.length;
    // A part without a body ends where its head does.
    const end = body.indexOf(delimiter, headEnd + 2);
    if (end < 0) throw cutOff();
    const head = body.toString("utf8", position, headEnd);
    yield { name: nameIn(head), type: typeIn(head), body: body.subarray(Math.min(start, end), end) };
    position = end + delimiter.length;
  }
}

/** Whether `--` follows the boundary: nothing comes after. */
function isLast(body: Buffer, position: number): boolean {
  if (position + 2 > body.length) throw cutOff();
  return body[position] === 0x2d && body[position + 1] === 0x2d;
}

function nameIn(head: string): string {
  const found = /^content-disposition:[^\r\n]*?[;\s]name=(?:"([^"\r\n]*)"|([^\s;]+))/im.exec(head);
  return found?.[1] ?? found?.[2] ?? "";
}

function typeIn(head: string): string {
  return /^content-type:\s*([^\s;]+)/im.exec(head)?.[1]?.toLowerCase() ?? "";
}

function cutOff(): Refusal {
  return new Refusal(400, "the multipart body is cut off: send it again as a whole");
}
