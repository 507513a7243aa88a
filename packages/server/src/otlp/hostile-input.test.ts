import { JsonTraceSerializer, ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OtlpDecodeError } from "./otlp-decode-error.ts";
import { readLogs, scanLogs } from "./read-logs.ts";
import { readMetrics, scanMetrics } from "./read-metrics.ts";
import { readTraces, scanTraces } from "./read-traces.ts";
import type { Rejected, Scan } from "./rejections.ts";
import { bytesField, fixed64Field } from "./write-protobuf.ts";

type Encoding = "protobuf" | "json";

const READERS: readonly {
  readonly scan: (body: Uint8Array, encoding: Encoding) => Scan;
  readonly read: (body: Uint8Array, encoding: Encoding) => { accepted: number; rejected: Rejected };
}[] = [
  {
    scan: scanTraces,
    read: (body, encoding) => {
      const { spans, rejected } = readTraces(body, encoding);
      return { accepted: spans.length, rejected };
    },
  },
  {
    scan: scanLogs,
    read: (body, encoding) => {
      const { logs, rejected } = readLogs(body, encoding);
      return { accepted: logs.length, rejected };
    },
  },
  {
    scan: scanMetrics,
    read: (body, encoding) => {
      const { metrics, rejected } = readMetrics(body, encoding);
      return { accepted: metrics.length, rejected };
    },
  },
];

/** Reads bytes as every signal. What a scan took must be read afterwards, all of it, and the same number. */
function readAsAll(body: Uint8Array, encoding: Encoding): void {
  for (const { scan, read } of READERS) {
    let scanned: Scan | undefined;
    try {
      scanned = scan(body, encoding);
    } catch (error) {
      expect(error).toBeInstanceOf(OtlpDecodeError);
    }
    try {
      const { accepted, rejected } = read(body, encoding);
      if (scanned) expect({ accepted, rejected }).toEqual(scanned);
    } catch (error) {
      expect(error).toBeInstanceOf(OtlpDecodeError);
      expect(scanned).toBeUndefined();
    }
  }
}

const span = {
  spanContext: () => ({ traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 }),
  name: "chat",
  kind: 2,
  startTime: [1_763_990_000, 1],
  endTime: [1_763_990_001, 2],
  status: { code: 2, message: "no" },
  attributes: {
    text: "wörld",
    int: 2 ** 40,
    double: 0.5,
    yes: true,
    list: ["a", 1],
    map: { __proto__: null, constructor: { x: 1 } },
  },
  events: [{ name: "event", time: [1, 1], attributes: { key: "value" } }],
  links: [{ context: { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" }, attributes: {} }],
  resource: { attributes: { "service.name": "app" } },
  instrumentationScope: { name: "library", version: "1" },
  droppedAttributesCount: 1,
  droppedEventsCount: 0,
  droppedLinksCount: 0,
};
const spans = [span, span] as unknown as Parameters<typeof ProtobufTraceSerializer.serializeRequest>[0];
const protobuf = Buffer.from(ProtobufTraceSerializer.serializeRequest(spans)!);
const json = Buffer.from(JsonTraceSerializer.serializeRequest(spans)!);
const log = bytesField(1, bytesField(2, bytesField(2, fixed64Field(1, 1n), bytesField(5, bytesField(1, "text")))));
const metric = bytesField(
  1,
  bytesField(2, bytesField(2, bytesField(1, "name"), bytesField(7, bytesField(1, fixed64Field(3, 1n))))),
);

/** What a sender, a network or an attacker may do to bytes. */
const change = fc.oneof(
  fc.record({ kind: fc.constant("set" as const), at: fc.nat(), byte: fc.nat(255) }),
  fc.record({ kind: fc.constant("flip" as const), at: fc.nat(), byte: fc.nat(7) }),
  fc.record({ kind: fc.constant("cut" as const), at: fc.nat(), byte: fc.nat(20) }),
  fc.record({ kind: fc.constant("repeat" as const), at: fc.nat(), byte: fc.nat(40) }),
  fc.record({ kind: fc.constant("end" as const), at: fc.nat(), byte: fc.constant(0) }),
);

function changed(bytes: Buffer, changes: readonly { kind: string; at: number; byte: number }[]): Buffer {
  let result = Buffer.from(bytes);
  for (const { kind, at, byte } of changes) {
    const place = result.length === 0 ? 0 : at % result.length;
    if (kind === "set" && result.length > 0) result[place] = byte;
    else if (kind === "flip" && result.length > 0) result[place]! ^= 1 << byte;
    else if (kind === "cut") result = Buffer.concat([result.subarray(0, place), result.subarray(place + byte)]);
    else if (kind === "repeat") result = Buffer.concat([result.subarray(0, place + byte), result.subarray(place)]);
    else if (kind === "end") result = result.subarray(0, place);
  }
  return result;
}

const prototypeBefore = Object.getOwnPropertyNames(Object.prototype).sort();

describe("no input makes a reader fail otherwise than with its own error, or read what its scan did not count", () => {
  const changes = fc.array(change, { minLength: 1, maxLength: 6 });

  it("which is tried on samples that are sound", () => {
    expect(readTraces(protobuf, "protobuf").spans).toHaveLength(2);
    expect(readTraces(json, "json").spans).toHaveLength(2);
    expect(readLogs(log, "protobuf").logs).toHaveLength(1);
    expect(readMetrics(metric, "protobuf").metrics).toHaveLength(1);
  });

  it("when protobuf is changed anywhere", () => {
    fc.assert(
      fc.property(fc.constantFrom(protobuf, log, metric), changes, (bytes, how) =>
        readAsAll(changed(bytes, how), "protobuf"),
      ),
      { numRuns: 5000 },
    );
  });

  it("when protobuf is cut at any byte", () => {
    for (let length = 0; length <= protobuf.length; length++) readAsAll(protobuf.subarray(0, length), "protobuf");
  });

  it("when JSON is changed anywhere", () => {
    fc.assert(
      fc.property(changes, (how) => readAsAll(changed(json, how), "json")),
      { numRuns: 1500 },
    );
  });

  it("when the bytes are any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        readAsAll(bytes, "protobuf");
        readAsAll(bytes, "json");
      }),
      { numRuns: 2000 },
    );
  });

  it("when the JSON is any JSON in the place of any part", () => {
    const places = [
      (value: unknown) => value,
      (value: unknown) => ({ resourceSpans: value, resourceLogs: value, resourceMetrics: value }),
      (value: unknown) => ({ resourceSpans: [{ resource: value, scopeSpans: value }] }),
      (value: unknown) => ({ resourceSpans: [{ scopeSpans: [{ scope: value, spans: value }] }] }),
      (value: unknown) => {
        const ids = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" };
        const fields = {
          name: value,
          attributes: value,
          events: value,
          links: value,
          status: value,
          kind: value,
          startTimeUnixNano: value,
        };
        return { resourceSpans: [{ scopeSpans: [{ spans: [{ ...ids, ...fields }, value] }] }] };
      },
      (value: unknown) => ({ resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: value, attributes: [value] }] }] }] }),
      (value: unknown) => ({
        resourceMetrics: [{ scopeMetrics: [{ metrics: [{ sum: value, gauge: { dataPoints: value } }] }] }],
      }),
    ];
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue(), (place, value) =>
        readAsAll(Buffer.from(JSON.stringify(place(value))), "json"),
      ),
      { numRuns: 1500 },
    );
  });
});

describe("a small body can not ask for much work", () => {
  /** Each pattern fills four megabytes and would, read naively, take gigabytes or minutes. */
  const SIZE = 4 * 1024 * 1024;
  const filled = (pattern: Buffer): Buffer => Buffer.alloc(SIZE - (SIZE % pattern.length), pattern);

  it("as a million empty or broken parts", () => {
    const ids = Buffer.concat([bytesField(1, Buffer.alloc(16, 1)), bytesField(2, Buffer.alloc(8, 1))]);
    const bodies = [
      filled(bytesField(1)),
      bytesField(1, filled(bytesField(2))),
      bytesField(1, bytesField(2, filled(bytesField(2)))),
      bytesField(1, bytesField(2, filled(bytesField(2, Buffer.from([0x0a]))))),
      ...[1, 9, 11, 13, 15].map((field) => bytesField(1, bytesField(2, bytesField(2, ids, filled(bytesField(field)))))),
      bytesField(
        1,
        bytesField(2, bytesField(2, ids, bytesField(9, bytesField(2, bytesField(5, filled(bytesField(1))))))),
      ),
      bytesField(
        1,
        bytesField(2, bytesField(2, ids, bytesField(9, bytesField(2, bytesField(6, filled(bytesField(1))))))),
      ),
      filled(Buffer.from([0x0b])),
      filled(Buffer.from([0xff])),
    ];
    for (const body of bodies) readAsAll(body, "protobuf");
  });

  it("as JSON of nothing but brackets, quotes, digits or commas", () => {
    for (const text of ["[", '"', "9", ",", "{", '{"a":', ":9999999999999999", '"\\', " "]) {
      readAsAll(filled(Buffer.from(text)), "json");
    }
    readAsAll(Buffer.from(`{"resourceSpans":[${"[".repeat(100_000)}${"]".repeat(100_000)}]}`), "json");
    readAsAll(Buffer.from(`{"resourceSpans":[{"n":${"9".repeat(1_000_000)}}]}`), "json");
  });

  it("as JSON with more values than a request may have", () => {
    const body = Buffer.from(`[${"0,".repeat(8_000_001)}0]`);
    expect(() => readTraces(body, "json")).toThrow(/smaller batches/);
  });
});

describe("after all of this", () => {
  it("objects have no property that they had not before", () => {
    expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(prototypeBefore);
  });
});
