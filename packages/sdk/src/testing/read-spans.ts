/** A span as a test wants to look at it. */
export interface ReadSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: number;
  readonly start: bigint;
  readonly end: bigint;
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly { readonly name: string; readonly attributes: Readonly<Record<string, unknown>> }[];
  readonly resource: Readonly<Record<string, unknown>>;
  readonly scope: string;
}

type Value = bigint | Buffer;
type Fields = Map<number, Value[]>;

/**
 * Decodes ExportTraceServiceRequest by the protobuf wire format alone, independent of the code
 * under test. Throws on anything that is not well-formed.
 */
export function readSpans(body: Buffer): ReadSpan[] {
  return messages(fields(body), 1).flatMap((resourceSpans) => {
    const resource = attributes(messages(message(resourceSpans, 1), 1));
    return messages(resourceSpans, 2).flatMap((scopeSpans) => {
      const scope = text(message(scopeSpans, 1), 1);
      return messages(scopeSpans, 2).map((span) => readSpan(span, resource, scope));
    });
  });
}

function readSpan(span: Fields, resource: ReadSpan["resource"], scope: string): ReadSpan {
  const status = message(span, 15);
  return {
    traceId: bytes(span, 1).toString("hex"),
    spanId: bytes(span, 2).toString("hex"),
    parentSpanId: bytes(span, 4).toString("hex"),
    name: text(span, 5),
    kind: Number(number(span, 6)),
    start: number(span, 7),
    end: number(span, 8),
    statusCode: Number(number(status, 3)),
    statusMessage: text(status, 2),
    attributes: attributes(messages(span, 9)),
    events: messages(span, 11).map((event) => ({ name: text(event, 2), attributes: attributes(messages(event, 3)) })),
    resource,
    scope,
  };
}

function attributes(pairs: readonly Fields[]): Record<string, unknown> {
  return Object.fromEntries(pairs.map((pair) => [text(pair, 1), value(message(pair, 2))]));
}

function value(any: Fields): unknown {
  const [[field, [first] = []] = []] = any;
  if (first === undefined) return undefined;
  if (field === 1 && Buffer.isBuffer(first)) return first.toString("utf8");
  if (field === 2) return first === 1n;
  if (field === 3 && typeof first === "bigint") return Number(BigInt.asIntN(64, first));
  if (field === 4 && typeof first === "bigint") return { double: doubleOf(first) };
  if (field === 5 && Buffer.isBuffer(first)) return messages(fields(first), 1).map((item) => value(item));
  throw new Error(`Unknown kind of value: ${field}.`);
}

function doubleOf(bits: bigint): number {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(bits);
  return buffer.readDoubleLE();
}

function fields(body: Buffer): Fields {
  const found: Fields = new Map();
  let at = 0;
  const varint = (): bigint => {
    let result = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = body[at++];
      if (byte === undefined || shift > 63n) throw new Error("A varint that does not end.");
      result |= BigInt(byte & 127) << shift;
      if (byte < 128) return result;
    }
  };
  while (at < body.length) {
    const key = Number(varint());
    const list = found.get(key >> 3) ?? [];
    found.set(key >> 3, list);
    if ((key & 7) === 0) list.push(varint());
    else {
      const length = (key & 7) === 1 ? 8 : (key & 7) === 5 ? 4 : Number(varint());
      if (at + length > body.length) throw new Error("A field that is longer than its message.");
      const slice = body.subarray(at, at + length);
      list.push((key & 7) === 2 ? slice : fixed(slice));
      at += length;
    }
  }
  return found;
}

function fixed(slice: Buffer): bigint {
  return slice.length === 8 ? slice.readBigUInt64LE() : BigInt(slice.readUInt32LE());
}

function bytes(from: Fields, field: number): Buffer {
  const first = from.get(field)?.[0];
  return Buffer.isBuffer(first) ? first : Buffer.alloc(0);
}

function text(from: Fields, field: number): string {
  return bytes(from, field).toString("utf8");
}

function number(from: Fields, field: number): bigint {
  const first = from.get(field)?.[0];
  return typeof first === "bigint" ? first : 0n;
}

function message(from: Fields, field: number): Fields {
  return fields(bytes(from, field));
}

function messages(from: Fields, field: number): Fields[] {
  return (from.get(field) ?? []).map((item) => fields(Buffer.isBuffer(item) ? item : Buffer.alloc(0)));
}
