import { JsonTraceSerializer, ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import type { AttributeValue } from "@telltale/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_ATTRIBUTES, MAX_EVENTS, MAX_GROUPS, MAX_KEY_BYTES, MAX_RECORDS, MAX_VALUE_DEPTH } from "./limits.ts";
import { TOO_DEEP, UNREADABLE } from "./limits.ts";
import { OtlpDecodeError } from "./otlp-decode-error.ts";
import { readTraces, scanTraces } from "./read-traces.ts";
import type { SpanRecord } from "./record.ts";
import { bytesField, doubleField, fixed64Field, varintField } from "./write-protobuf.ts";

const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const SPAN_ID = "b7ad6b7169203331";
const IDS = Buffer.concat([bytesField(1, Buffer.from(TRACE_ID, "hex")), bytesField(2, Buffer.from(SPAN_ID, "hex"))]);

/** A protobuf request of spans given as their fields. */
function request(...spans: readonly Uint8Array[]): Buffer {
  return bytesField(1, bytesField(2, ...spans.map((span) => bytesField(2, span))));
}

/** The attribute `key` of a span, from the bytes of its `AnyValue`. */
function attribute(key: string, anyValue: Uint8Array): Buffer {
  return bytesField(9, bytesField(1, key), bytesField(2, anyValue));
}

function jsonRequest(...spans: readonly object[]): Buffer {
  return Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }));
}

/** The one span of a request; the scan must agree. */
function only(body: Uint8Array, encoding: "protobuf" | "json" = "protobuf"): SpanRecord {
  const { spans, rejected } = readTraces(body, encoding);
  expect(rejected).toMatchObject({ count: 0, reasons: [] });
  expect(scanTraces(body, encoding)).toMatchObject({ accepted: 1, rejected: { count: 0 } });
  expect(spans).toHaveLength(1);
  return spans[0]!;
}

function valueOf(anyValue: Uint8Array): AttributeValue | undefined {
  return only(request(Buffer.concat([IDS, attribute("key", anyValue)]))).attributes.get("key");
}

function jsonValueOf(anyValue: string): AttributeValue | undefined {
  const ids = `"traceId":"${TRACE_ID}","spanId":"${SPAN_ID}"`;
  const span = `{${ids},"attributes":[{"key":"key","value":${anyValue}}]}`;
  return only(Buffer.from(`{"resourceSpans":[{"scopeSpans":[{"spans":[${span}]}]}]}`), "json").attributes.get("key");
}

const JSON_IDS = { traceId: TRACE_ID, spanId: SPAN_ID };

/** An `AnyValue` of arrays in arrays with the text "deep" in the innermost. */
function nestedArrays(depth: number): Buffer {
  const parts: Uint8Array[] = [bytesField(1, "deep")];
  let length = parts[0]!.length;
  for (let level = 0; level < depth; level++) {
    for (const number of [1, 5]) {
      // The head of a field is what `bytesField` writes before its bytes.
      const head = Buffer.concat([Buffer.from([number * 8 + 2]), varintField(0, length).subarray(1)]);
      parts.push(head);
      length += head.length;
    }
  }
  return Buffer.concat(parts.reverse());
}

describe("what the OpenTelemetry SDK sends", () => {
  const scalar = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.boolean(),
    fc.integer(),
    fc.double({ noNaN: true, min: -1e15, max: 1e15 }),
  );
  const attributes = fc.dictionary(
    fc.string({ minLength: 1 }),
    fc.oneof(scalar, fc.array(fc.string()), fc.array(fc.integer()), fc.uint8Array()),
  );
  const hrTime = fc.tuple(fc.integer({ min: 0, max: 4_000_000_000 }), fc.nat(999_999_999));
  const hex = (digits: number) =>
    fc
      .string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: digits, maxLength: digits })
      .filter((id) => !/^0+$/.test(id));
  const context = fc.record({ traceId: hex(32), spanId: hex(16), traceFlags: fc.constant(1) });
  const resource = fc.record({ attributes });
  const scope = fc.record({ name: fc.string(), version: fc.string() });
  const span = fc.record({
    context,
    parent: fc.option(context, { nil: undefined }),
    name: fc.string(),
    kind: fc.nat(4),
    startTime: hrTime,
    endTime: hrTime,
    status: fc.record({ code: fc.nat(2), message: fc.string() }),
    attributes,
    events: fc.array(fc.record({ name: fc.string(), time: hrTime, attributes }), { maxLength: 3 }),
    links: fc.array(fc.record({ context, attributes }), { maxLength: 3 }),
    droppedAttributesCount: fc.nat(9),
    droppedEventsCount: fc.nat(9),
    droppedLinksCount: fc.nat(9),
  });
  const nanos = ([seconds, rest]: readonly [number, number]): bigint => BigInt(seconds) * 1_000_000_000n + BigInt(rest);
  const mapOf = (plain: Readonly<Record<string, unknown>>) =>
    new Map(Object.entries(plain).map(([key, value]) => [key, Object.is(value, -0) ? 0 : value]));

  it("is read equally and completely from protobuf and from JSON", () => {
    fc.assert(
      fc.property(fc.array(span, { minLength: 1, maxLength: 5 }), resource, scope, (drafts, sender, library) => {
        const sent = drafts.map((draft) => ({
          ...draft,
          spanContext: () => draft.context,
          parentSpanContext: draft.parent,
          resource: { ...sender, asyncAttributesPending: false },
          instrumentationScope: library,
        })) as unknown as Parameters<typeof ProtobufTraceSerializer.serializeRequest>[0];
        const fromProtobuf = readTraces(ProtobufTraceSerializer.serializeRequest(sent)!, "protobuf");
        const fromJson = readTraces(JsonTraceSerializer.serializeRequest(sent)!, "json");
        expect(fromJson).toEqual(fromProtobuf);
        expect(fromProtobuf.spans).toHaveLength(drafts.length);
        for (const [index, draft] of drafts.entries()) {
          const read = fromProtobuf.spans[index]!;
          expect(read).toMatchObject({
            traceId: draft.context.traceId,
            spanId: draft.context.spanId,
            parentSpanId: draft.parent?.spanId,
            name: draft.name,
            spanKind: draft.kind + 1,
            startTime: nanos(draft.startTime),
            endTime: nanos(draft.endTime),
            statusCode: draft.status.code,
            statusMessage: draft.status.message,
            droppedAttributes: draft.droppedAttributesCount,
            droppedEvents: draft.droppedEventsCount,
            droppedLinks: draft.droppedLinksCount,
            scope: library,
          });
          expect(read.attributes).toEqual(mapOf(draft.attributes));
          expect([...read.attributes.keys()]).toEqual(Object.keys(draft.attributes));
          expect(read.resource.attributes).toEqual(mapOf(sender.attributes));
          expect(read.events).toEqual(
            draft.events.map((event) => ({
              name: event.name,
              time: nanos(event.time),
              attributes: mapOf(event.attributes),
            })),
          );
          expect(read.links.map((link) => link.spanId)).toEqual(draft.links.map((link) => link.context.spanId));
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe("attribute values", () => {
  const int = (value: bigint): Buffer => varintField(3, value);

  it("keep every digit of a 64-bit integer", () => {
    const cases: readonly (readonly [bigint, number | bigint])[] = [
      [0n, 0],
      [-1n, -1],
      [2n ** 31n, 2 ** 31],
      [-(2n ** 31n) - 1n, -(2 ** 31) - 1],
      [2n ** 53n - 1n, Number.MAX_SAFE_INTEGER],
      [2n ** 53n, 2n ** 53n],
      [-(2n ** 53n) + 1n, Number.MIN_SAFE_INTEGER],
      [2n ** 63n - 1n, 2n ** 63n - 1n],
      [-(2n ** 63n), -(2n ** 63n)],
    ];
    for (const [sent, read] of cases) {
      expect(valueOf(int(sent))).toBe(read);
      expect(jsonValueOf(`{"intValue":"${sent}"}`)).toBe(read);
      expect(jsonValueOf(`{"intValue": ${sent} }`)).toBe(read);
    }
  });

  it("are read exactly for any 64-bit integer", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        expect(BigInt(valueOf(int(value)) as number | bigint)).toBe(value);
        expect(BigInt(jsonValueOf(`{"intValue":${value}}`) as number | bigint)).toBe(value);
      }),
    );
  });

  it("are of every type that OTLP has", () => {
    const list = bytesField(6, bytesField(1, bytesField(1, "a"), bytesField(2, varintField(2, 1))));
    expect(valueOf(Buffer.alloc(0))).toBeNull();
    expect(valueOf(bytesField(1, ""))).toBe("");
    expect(valueOf(varintField(2, 1))).toBe(true);
    expect(valueOf(doubleField(4, -0.5))).toBe(-0.5);
    expect(valueOf(doubleField(4, Number.NaN))).toBeNaN();
    expect(valueOf(bytesField(7, new Uint8Array([0, 255])))).toEqual(new Uint8Array([0, 255]));
    expect(valueOf(bytesField(5, bytesField(1, bytesField(1, "x")), bytesField(1), bytesField(1, int(7n))))).toEqual([
      "x",
      null,
      7,
    ]);
    expect(valueOf(list)).toEqual(new Map([["a", true]]));
    expect(jsonValueOf("{}")).toBeNull();
    expect(jsonValueOf('{"stringValue":"","unknown":1}')).toBe("");
    expect(jsonValueOf('{"stringValue":"a\\ud83d"}')).toBe("a\uFFFD");
    expect(jsonValueOf('{"stringValue":null,"intValue":"-0"}')).toBe(0);
    expect(jsonValueOf('{"boolValue":false}')).toBe(false);
    expect(jsonValueOf('{"doubleValue":"NaN"}')).toBeNaN();
    expect(jsonValueOf('{"doubleValue":"-Infinity"}')).toBe(Number.NEGATIVE_INFINITY);
    expect(jsonValueOf('{"doubleValue":1e3}')).toBe(1000);
    expect(jsonValueOf('{"bytesValue":"AP8="}')).toEqual(new Uint8Array([0, 255]));
    expect(jsonValueOf('{"arrayValue":{"values":[{"stringValue":"x"},{},{"intValue":7}]}}')).toEqual(["x", null, 7]);
    expect(jsonValueOf('{"kvlistValue":{"values":[{"key":"a","value":{"boolValue":true}}]}}')).toEqual(
      new Map([["a", true]]),
    );
  });

  it("do not refer to the buffer they were read from", () => {
    const body = request(
      Buffer.concat([
        IDS,
        attribute("bytes", bytesField(7, Buffer.from("data"))),
        attribute("text", bytesField(1, "hello")),
      ]),
    );
    const { attributes } = only(body);
    body.fill(0);
    expect(attributes.get("bytes")).toEqual(new Uint8Array(Buffer.from("data")));
    expect(attributes.get("text")).toBe("hello");
  });

  it("hold text that is no UTF-8, with U+FFFD for what is wrong", () => {
    expect(valueOf(bytesField(1, Buffer.from([0x61, 0xff, 0x62])))).toBe("a\uFFFDb");
    expect(valueOf(bytesField(1, Buffer.from("🙂").subarray(0, 3)))).toBe("\uFFFD");
    expect(valueOf(bytesField(1, Buffer.from([0x61, 0x00, 0xe2, 0x80, 0xae])))).toBe("a\u0000\u202E");
    const long = Buffer.concat([Buffer.alloc(100, "x"), Buffer.from([0xc3])]);
    expect(valueOf(bytesField(1, long))).toBe("x".repeat(100) + "\uFFFD");
  });

  it("are given whole for any text, also when it looks like text seen before", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        const wellFormed = text.toWellFormed();
        expect(valueOf(bytesField(1, text))).toBe(wellFormed);
        expect(valueOf(bytesField(1, text))).toBe(wellFormed);
      }),
    );
  });

  it("are a marker where the bytes make no sense, and cost their neighbours nothing", () => {
    const broken = bytesField(9, bytesField(1, "bad"), bytesField(2, Buffer.from([0x0a, 0x7f, 0x61])));
    const item = bytesField(2, bytesField(5, bytesField(1, Buffer.from([0x3f])), bytesField(1, bytesField(1, "good"))));
    const span = only(
      request(Buffer.concat([IDS, broken, bytesField(9, bytesField(1, "list"), item), attribute("next", int(1n))])),
    );
    expect(span.attributes).toEqual(
      new Map<string, unknown>([
        ["bad", UNREADABLE],
        ["list", [UNREADABLE, "good"]],
        ["next", 1],
      ]),
    );
    expect(jsonValueOf('{"intValue":"12x"}')).toBe(UNREADABLE);
    expect(jsonValueOf('{"intValue":"9223372036854775808"}')).toBe(UNREADABLE);
  });

  it("are cut at a depth with a marker", () => {
    for (const depth of [60, 5_000, 20_000]) {
      const protobuf = nestedArrays(depth);
      const opening = '{"arrayValue":{"values":['.repeat(depth);
      const json = `${opening}{"stringValue":"deep"}${"]}}".repeat(depth)}`;
      for (let value of [valueOf(protobuf), jsonValueOf(json)]) {
        let found = 0;
        for (; Array.isArray(value); found++) value = (value as readonly AttributeValue[])[0];
        expect(found).toBe(Math.min(depth, MAX_VALUE_DEPTH));
        expect(value).toBe(depth <= MAX_VALUE_DEPTH ? "deep" : TOO_DEEP);
      }
    }
  });

  it("may have any key; objects stay as they were", () => {
    const keys = ["__proto__", "constructor.prototype", "hasOwnProperty", "", "a.__proto__.b"];
    const list = bytesField(
      6,
      ...keys.map((key) => bytesField(1, bytesField(1, key), bytesField(2, bytesField(1, "yes")))),
    );
    const span = only(request(Buffer.concat([IDS, ...keys.map((key) => attribute(key, list))])));
    expect([...span.attributes.keys()]).toEqual(keys);
    expect([...(span.attributes.get("__proto__") as Map<string, unknown>).keys()]).toEqual(keys);
    const attributes = keys.map((key) => ({
      key,
      value: { kvlistValue: { values: [{ key, value: { stringValue: "yes" } }] } },
    }));
    expect([...only(jsonRequest({ ...JSON_IDS, attributes }), "json").attributes.keys()]).toEqual(keys);
    only(
      Buffer.from(
        `{"__proto__":{"polluted":1},"resourceSpans":[{"scopeSpans":[{"spans":[${JSON.stringify(JSON_IDS)}]}]}]}`,
      ),
      "json",
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain("polluted");
  });
});

describe("a span", () => {
  it("without valid ids is refused alone, with the reason", () => {
    const trace = bytesField(1, Buffer.from(TRACE_ID, "hex"));
    const span = bytesField(2, Buffer.from(SPAN_ID, "hex"));
    const cases: readonly (readonly [Buffer, string])[] = [
      [span, "trace id is missing"],
      [Buffer.concat([bytesField(1), span]), "trace id is missing"],
      [Buffer.concat([bytesField(1, Buffer.alloc(8, 1)), span]), "trace id has 8 bytes instead of 16"],
      [Buffer.concat([bytesField(1, Buffer.alloc(16)), span]), "trace id is all zero"],
      [trace, "span id is missing"],
      [Buffer.concat([trace, bytesField(2, Buffer.alloc(16, 1))]), "span id has 16 bytes instead of 8"],
      [Buffer.concat([trace, bytesField(2, Buffer.alloc(8))]), "span id is all zero"],
      [Buffer.concat([IDS, Buffer.from([0x4a, 0x7f])]), "span is cut or broken: a part of 127 bytes where 0 are left"],
    ];
    for (const [bad, reason] of cases) {
      const body = request(IDS, bad, IDS);
      const { spans, rejected } = readTraces(body, "protobuf");
      expect(spans).toHaveLength(2);
      expect(rejected).toMatchObject({ count: 1, reasons: [reason] });
      expect(scanTraces(body, "protobuf")).toMatchObject({ accepted: 2, rejected: { count: 1, reasons: [reason] } });
    }
  });

  it("in JSON has hex ids in any case, and is refused alone with others", () => {
    expect(only(jsonRequest({ traceId: TRACE_ID.toUpperCase(), spanId: SPAN_ID.toUpperCase() }), "json")).toMatchObject(
      JSON_IDS,
    );
    const base64 = Buffer.from(TRACE_ID, "hex").toString("base64");
    const bad: readonly unknown[] = [
      {},
      { traceId: base64, spanId: SPAN_ID },
      { ...JSON_IDS, spanId: "0".repeat(16) },
      { ...JSON_IDS, traceId: 7 },
      null,
      "span",
    ];
    const body = jsonRequest(JSON_IDS, ...(bad as object[]), JSON_IDS);
    const { spans, rejected } = readTraces(body, "json");
    expect(spans).toHaveLength(2);
    expect(rejected.count).toBe(bad.length);
    expect(rejected.reasons).toEqual([
      "traceId is missing",
      "traceId is not 32 hex digits",
      "spanId is all zero",
      "span is not an object",
    ]);
    expect(scanTraces(body, "json")).toMatchObject({
      accepted: 2,
      rejected: { count: bad.length, reasons: rejected.reasons },
    });
  });

  it("is a root when its parent id is all zero or no id", () => {
    for (const parent of [Buffer.alloc(8), Buffer.alloc(0), Buffer.alloc(3, 1)]) {
      expect(only(request(Buffer.concat([IDS, bytesField(4, parent)]))).parentSpanId).toBeUndefined();
    }
    expect(only(jsonRequest({ ...JSON_IDS, parentSpanId: "0".repeat(16) }), "json").parentSpanId).toBeUndefined();
  });

  it("keeps its nanoseconds, however they are written", () => {
    const time = 1_763_990_000_123_456_789n;
    expect(only(request(Buffer.concat([IDS, fixed64Field(7, time), fixed64Field(8, 2n ** 64n - 1n)])))).toMatchObject({
      startTime: time,
      endTime: 2n ** 64n - 1n,
    });
    for (const written of [
      `"${time}"`,
      `${time}`,
      ` ${time}\n`,
      `{"low":${Number(BigInt.asIntN(32, time))},"high":${Number(time >> 32n)}}`,
    ]) {
      const text = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"${TRACE_ID}","spanId":"${SPAN_ID}","name":"\\":12345678901234567890","startTimeUnixNano":${written}}]}]}]}`;
      expect(only(Buffer.from(text), "json")).toMatchObject({
        startTime: time,
        endTime: 0n,
        name: '":12345678901234567890',
      });
    }
  });

  it("in JSON keeps long whole numbers exact beside fractions as long", () => {
    const text = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"${"a".repeat(32)}","spanId":"${"b".repeat(16)}",
      "startTimeUnixNano":1795514400123456789,"attributes":[
        {"key":"third","value":{"doubleValue":0.3333333333333333333}},
        {"key":"small","value":{"doubleValue":-1.0000000000000002e-6}},
        {"key":"list","value":{"arrayValue":{"values":[{"doubleValue":0.0000010000000000000002},{"intValue":-1234567890123456789}]}}}
      ]}]}]}]}`;
    const [span] = readTraces(Buffer.from(text), "json").spans;
    expect(span?.startTime).toBe(1_795_514_400_123_456_789n);
    expect([...(span?.attributes.values() ?? [])]).toEqual([
      1 / 3,
      -1.0000000000000002e-6,
      [0.0000010000000000000002, -1_234_567_890_123_456_789n],
    ]);
  });

  it("with enums and counts that nobody knows has the unspecified ones", () => {
    const huge = 2n ** 64n - 1n;
    const status = bytesField(15, varintField(3, 3));
    const strange = Buffer.concat([IDS, varintField(6, 6), varintField(10, huge), varintField(12, huge), status]);
    const expected = { spanKind: 0, statusCode: 0, droppedAttributes: 0xffff_ffff, droppedEvents: 0xffff_ffff };
    expect(only(request(strange))).toMatchObject(expected);
    const counts = { droppedAttributesCount: 2 ** 40, droppedEventsCount: "9223372036854775807" };
    expect(only(jsonRequest({ ...JSON_IDS, kind: 6, status: { code: 3 }, ...counts }), "json")).toMatchObject(expected);
  });

  it("in JSON may name its enums", () => {
    const span = { ...JSON_IDS, kind: "SPAN_KIND_CLIENT", status: { code: "STATUS_CODE_ERROR", message: "no" } };
    expect(only(jsonRequest(span), "json")).toMatchObject({ spanKind: 3, statusCode: 2, statusMessage: "no" });
    expect(only(jsonRequest({ ...JSON_IDS, kind: "SPAN_KIND_NONSENSE", status: 7 }), "json")).toMatchObject({
      spanKind: 0,
      statusCode: 0,
    });
  });

  it("may have fields that nobody knows, of every wire type", () => {
    const unknown = Buffer.concat([
      varintField(100, 2n ** 64n - 1n),
      fixed64Field(101, 1n),
      bytesField(102, "x"),
      Buffer.from([0xbd, 0x06, 1, 2, 3, 4]),
      Buffer.from([0xc3, 0x06, 0x08, 0x01, 0xc4, 0x06]),
    ]);
    expect(only(request(Buffer.concat([unknown, IDS, unknown, bytesField(5, "named"), unknown]))).name).toBe("named");
  });

  it("belongs to its resource and scope, wherever they stand in the bytes", () => {
    const resource = bytesField(1, attribute("service.name", bytesField(1, "app")).fill(0x0a, 0, 1));
    const scope = bytesField(1, bytesField(1, "library"), bytesField(2, "1.2"));
    const spans = [bytesField(2, IDS), bytesField(2, IDS)];
    for (const body of [
      bytesField(1, resource, bytesField(2, scope, ...spans)),
      bytesField(1, bytesField(2, ...spans, scope), resource),
    ]) {
      const read = readTraces(body, "protobuf").spans;
      expect(read[0]).toMatchObject({
        scope: { name: "library", version: "1.2" },
        resource: { attributes: new Map([["service.name", "app"]]) },
      });
      expect(read[0]!.resource).toBe(read[1]!.resource);
      expect(read[0]!.scope).toBe(read[1]!.scope);
    }
  });

  it("has bounded attributes, keys and events, and what is left out is counted", () => {
    const many = Array.from({ length: MAX_ATTRIBUTES + 5 }, (_, index) => attribute(`key ${index}`, varintField(3, 1)));
    expect(only(request(Buffer.concat([IDS, varintField(10, 2), ...many])))).toMatchObject({ droppedAttributes: 7 });
    const attributes = Array.from({ length: MAX_ATTRIBUTES + 5 }, (_, index) => ({ key: `key ${index}` }));
    expect(only(jsonRequest({ ...JSON_IDS, attributes }), "json")).toMatchObject({ droppedAttributes: 5 });
    const event = bytesField(11, bytesField(2, "event"));
    const noisy = only(request(Buffer.concat([IDS, ...Array.from({ length: MAX_EVENTS + 3 }, () => event)])));
    expect(noisy.events).toHaveLength(MAX_EVENTS);
    expect(noisy.droppedEvents).toBe(3);
    const key = "é".repeat(MAX_KEY_BYTES);
    const cut = "é".repeat(MAX_KEY_BYTES / 2) + "…";
    expect([...only(request(Buffer.concat([IDS, attribute(key, bytesField(1, "x"))]))).attributes.keys()]).toEqual([
      cut,
    ]);
    expect([...only(jsonRequest({ ...JSON_IDS, attributes: [{ key }] }), "json").attributes.keys()]).toEqual([cut]);
  });

  it("with broken events and links keeps the others", () => {
    const link = bytesField(
      13,
      bytesField(1, Buffer.from(TRACE_ID, "hex")),
      bytesField(2, Buffer.from(SPAN_ID, "hex")),
    );
    const fields = [
      IDS,
      bytesField(11, Buffer.from([0x12, 0x7f])),
      bytesField(11, bytesField(2, "fine")),
      bytesField(13, "?"),
      link,
    ];
    expect(only(request(Buffer.concat(fields)))).toMatchObject({
      events: [{ name: "fine" }],
      droppedEvents: 1,
      links: [{ traceId: TRACE_ID }],
      droppedLinks: 1,
    });
  });
});

describe("a request", () => {
  it("that is empty is a success", () => {
    const empty = [Buffer.alloc(0), bytesField(1), bytesField(1, bytesField(2))];
    for (const body of empty) expect(readTraces(body, "protobuf").spans).toEqual([]);
    for (const text of ["", "{}", '{"resourceSpans":[]}', '{"resourceSpans":null}', '{"resourceSpans":[{}]}']) {
      expect(scanTraces(Buffer.from(text), "json")).toMatchObject({ accepted: 0, rejected: { count: 0 } });
    }
  });

  it("that is broken above its spans is refused as a whole, with the place", () => {
    const cut = request(IDS, IDS).subarray(0, -1);
    for (const read of [readTraces, scanTraces]) {
      expect(() => read(cut, "protobuf")).toThrow(OtlpDecodeError);
      expect(() => read(cut, "protobuf")).toThrow(/a part of \d+ bytes where \d+ are left at byte 2/);
      expect(() => read(Buffer.from('{"resourceSpans":[]}'), "protobuf")).toThrow(/looks like JSON/);
      expect(() => read(Buffer.from("{"), "json")).toThrow(/not an OTLP traces request in JSON/);
      expect(() => read(Buffer.from("[]"), "json")).toThrow(/"resourceSpans"/);
      expect(() => read(Buffer.from('{"resourceSpans":{}}'), "json")).toThrow(/"resourceSpans" is not an array/);
      expect(() => read(Buffer.from('{"resource_spans":[]}'), "json")).toThrow(/lowerCamelCase/);
      expect(() => read(Buffer.from('{"resourceLogs":[]}'), "json")).toThrow(/\/v1\/logs/);
    }
  });

  it("that holds logs or metrics is refused with a hint", () => {
    const log = Buffer.concat([fixed64Field(1, 1n), bytesField(5, bytesField(1, "text"))]);
    const metric = Buffer.concat([bytesField(1, "requests"), bytesField(7, bytesField(1, fixed64Field(3, 1n)))]);
    expect(() => scanTraces(request(log), "protobuf")).toThrow(/send it to \/v1\/logs/);
    expect(() => scanTraces(request(metric), "protobuf")).toThrow(/send it to \/v1\/metrics/);
  });

  it("with more rubbish than a request may have spans is refused as a whole", () => {
    const rubbish = bytesField(1, bytesField(2, Buffer.alloc((MAX_RECORDS + 1) * 2, bytesField(2))));
    const groups = Buffer.alloc((MAX_GROUPS + 1) * 2, bytesField(1));
    for (const read of [readTraces, scanTraces]) {
      expect(() => read(rubbish, "protobuf")).toThrow(/more than 200000 records are refused: trace id is missing/);
      expect(() => read(groups, "protobuf")).toThrow(/more than 100000 resources and scopes/);
    }
  });

  it("may hold only so many spans; the others are refused with the reason", () => {
    const body = bytesField(1, bytesField(2, Buffer.alloc((MAX_RECORDS + 2) * 30, bytesField(2, IDS))));
    const { spans, rejected } = readTraces(body, "protobuf");
    expect(spans).toHaveLength(MAX_RECORDS);
    expect(rejected).toMatchObject({ count: 2, reasons: [expect.stringContaining("more than")] });
    expect(scanTraces(body, "protobuf")).toMatchObject({ accepted: MAX_RECORDS, rejected: { count: 2 } });
  });
});
