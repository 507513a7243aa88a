/** One message of AWS's event stream. */
export interface EventMessage {
  /** Those that are text: `:event-type`, `:message-type`, `:exception-type`. */
  readonly headers: ReadonlyMap<string, string>;
  readonly payload: Uint8Array;
  /** Index of the first byte after the message. */
  readonly end: number;
}

/** Total length, length of the headers, checksum of the two. */
const PRELUDE = 12;
/** The prelude and the checksum at the end. */
const SMALLEST = 16;
/** AWS allows 24 MiB of payload and 128 KiB of headers. */
const LARGEST = 25 * 1024 * 1024;

/**
 * The messages of a body of `application/vnd.amazon.eventstream`, in order. Each has a checksum of its length and
 * one of everything, by which the next message is found again where the middle of an answer is missing.
 * A message that is not whole is not told.
 */
export function* eventMessages(bytes: Uint8Array): Generator<EventMessage> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at + SMALLEST <= bytes.length) {
    const end = endOfMessage(view, bytes, at);
    if (end === undefined) {
      at++;
      continue;
    }
    const payloadAt = at + PRELUDE + view.getUint32(at + 4);
    yield { headers: headersIn(view, at + PRELUDE, payloadAt), payload: bytes.subarray(payloadAt, end - 4), end };
    at = end;
  }
}

/** Where the message that begins here ends; undefined where none begins or it is not whole. */
function endOfMessage(view: DataView, bytes: Uint8Array, at: number): number | undefined {
  const length = view.getUint32(at);
  const headers = view.getUint32(at + 4);
  if (length < SMALLEST || length > LARGEST || headers > length - SMALLEST) return undefined;
  const end = at + length;
  if (end > bytes.length || checksum(bytes, at, at + 8) !== view.getUint32(at + 8)) return undefined;
  return checksum(bytes, at, end - 4) === view.getUint32(end - 4) ? end : undefined;
}

const REMAINDERS: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  return sum;
});

/** CRC-32 as in zlib, whose own not every runtime has. */
function checksum(bytes: Uint8Array, from: number, to: number): number {
  let sum = 0xffffffff;
  for (let at = from; at < to; at++) sum = (sum >>> 8) ^ (REMAINDERS[(sum ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
  return ~sum >>> 0;
}

/** Bytes of a header's value by its type: true, false, byte, short, int, long; two with a length; time, id. */
const SIZES: readonly (number | undefined)[] = [0, 0, 1, 2, 4, 8, undefined, undefined, 8, 16];
const TEXT = 7;
const decoder = new TextDecoder();

function headersIn(view: DataView, from: number, to: number): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  let at = from;
  while (at < to) {
    const nameEnd = at + 1 + view.getUint8(at);
    if (nameEnd >= to) break;
    const type = view.getUint8(nameEnd);
    const size = SIZES[type];
    const valueAt = nameEnd + (size === undefined ? 3 : 1);
    if (valueAt > to || (size === undefined && type > TEXT)) break;
    const valueEnd = valueAt + (size ?? view.getUint16(nameEnd + 1));
    if (valueEnd > to) break;
    if (type === TEXT) headers.set(textIn(view, at + 1, nameEnd), textIn(view, valueAt, valueEnd));
    at = valueEnd;
  }
  return headers;
}

function textIn(view: DataView, from: number, to: number): string {
  return decoder.decode(new Uint8Array(view.buffer, view.byteOffset + from, to - from));
}
