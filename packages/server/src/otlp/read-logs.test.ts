import { JsonLogsSerializer, ProtobufLogsSerializer } from "@opentelemetry/otlp-transformer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readLogs, scanLogs } from "./read-logs.ts";
import type { LogRecord } from "./record.ts";
import { bytesField, fixed64Field, varintField } from "./write-protobuf.ts";

const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const SPAN_ID = "b7ad6b7169203331";

function request(...logs: readonly Uint8Array[]): Buffer {
  return bytesField(1, bytesField(2, ...logs.map((log) => bytesField(2, log))));
}

function jsonRequest(...logRecords: readonly unknown[]): Buffer {
  return Buffer.from(JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }));
}

function only(body: Uint8Array, encoding: "protobuf" | "json" = "protobuf"): LogRecord {
  const { logs, rejected } = readLogs(body, encoding);
  expect(rejected.reasons).toEqual([]);
  expect(scanLogs(body, encoding)).toMatchObject({ accepted: 1, rejected: { count: 0 } });
  expect(logs).toHaveLength(1);
  return logs[0]!;
}

describe("log records that the OpenTelemetry SDK sends", () => {
  const hrTime = fc.tuple(fc.integer({ min: 1, max: 4_000_000_000 }), fc.nat(999_999_999));
  const text = fc.string({ unit: "grapheme" });
  const body = fc.oneof(
    text,
    fc.integer(),
    fc.boolean(),
    fc.array(text),
    fc.dictionary(text, fc.oneof(text, fc.integer())),
  );
  const record = fc.record({
    hrTime,
    hrTimeObserved: hrTime,
    body: fc.option(body, { nil: undefined }),
    eventName: fc.option(text, { nil: undefined }),
    severityText: fc.option(text, { nil: undefined }),
    severityNumber: fc.nat(24),
    attributes: fc.dictionary(text, text),
    droppedAttributesCount: fc.constant(0),
    spanContext: fc.option(fc.constant({ traceId: TRACE_ID, spanId: SPAN_ID, traceFlags: 1 }), { nil: undefined }),
  });

  it("are read equally from protobuf and from JSON", () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 4 }), (drafts) => {
        const sent = drafts.map((draft) => ({
          ...draft,
          resource: { attributes: { "service.name": "app" } },
          instrumentationScope: { name: "library", version: "1" },
        })) as unknown as Parameters<typeof ProtobufLogsSerializer.serializeRequest>[0];
        const fromProtobuf = readLogs(ProtobufLogsSerializer.serializeRequest(sent)!, "protobuf");
        expect(readLogs(JsonLogsSerializer.serializeRequest(sent)!, "json")).toEqual(fromProtobuf);
        expect(fromProtobuf.logs).toHaveLength(drafts.length);
        for (const [index, draft] of drafts.entries()) {
          const [seconds, nanos] = draft.hrTime;
          const read = fromProtobuf.logs[index]!;
          expect(read).toMatchObject({
            traceId: draft.spanContext?.traceId,
            spanId: draft.spanContext?.spanId,
            time: BigInt(seconds) * 1_000_000_000n + BigInt(nanos),
            attributes: new Map(Object.entries(draft.attributes)),
            scope: { name: "library" },
          });
          if (draft.eventName) expect(read.eventName).toBe(draft.eventName);
          if (draft.severityText) expect(read.severity).toBe(draft.severityText);
          if (typeof draft.body === "string") expect(read.body).toBe(draft.body);
          if (draft.body !== null && typeof draft.body === "object" && !Array.isArray(draft.body))
            expect(read.body).toEqual(new Map(Object.entries(draft.body)));
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe("a log record", () => {
  it("has the time it was observed when it has no other", () => {
    expect(only(request(fixed64Field(11, 7n))).time).toBe(7n);
    expect(only(request(Buffer.concat([fixed64Field(11, 7n), fixed64Field(1, 5n)]))).time).toBe(5n);
    expect(only(jsonRequest({ observedTimeUnixNano: "7" }), "json").time).toBe(7n);
  });

  it("has the name of its severity's number when it has no text", () => {
    const names = [0, 1, 4, 5, 9, 13, 17, 18, 24, 25, 99].map(
      (number) => only(request(varintField(2, number))).severity,
    );
    expect(names).toEqual(["", "TRACE", "TRACE4", "DEBUG", "INFO", "WARN", "ERROR", "ERROR2", "FATAL4", "", ""]);
    expect(only(jsonRequest({ severityNumber: 9, severityText: "Information" }), "json").severity).toBe("Information");
  });

  it("has its event's name from the attribute where older SDKs put it", () => {
    const attribute = bytesField(6, bytesField(1, "event.name"), bytesField(2, bytesField(1, "gen_ai.choice")));
    expect(only(request(attribute)).eventName).toBe("gen_ai.choice");
    expect(only(request(Buffer.concat([attribute, bytesField(12, "newer")]))).eventName).toBe("newer");
  });

  it("without valid ids has none, and is kept", () => {
    const log = Buffer.concat([bytesField(9, Buffer.alloc(16)), bytesField(10, "short")]);
    expect(only(request(log))).toMatchObject({ traceId: undefined, spanId: undefined });
    expect(only(jsonRequest({ traceId: "x", spanId: 5 }), "json")).toMatchObject({
      traceId: undefined,
      spanId: undefined,
    });
  });

  it("that is broken is refused alone", () => {
    const bodies: readonly (readonly [Uint8Array, "protobuf" | "json"])[] = [
      [request(fixed64Field(1, 1n), Buffer.from([0x2a, 0x7f]), fixed64Field(1, 2n)), "protobuf"],
      [jsonRequest({ timeUnixNano: "1" }, null, { timeUnixNano: "2" }), "json"],
    ];
    for (const [body, encoding] of bodies) {
      const { logs, rejected } = readLogs(body, encoding);
      expect(logs.map(({ time }) => time)).toEqual([1n, 2n]);
      expect(rejected.count).toBe(1);
      expect(scanLogs(body, encoding)).toMatchObject({
        accepted: 2,
        rejected: { count: 1, reasons: rejected.reasons },
      });
    }
  });
});

describe("a request that holds another signal", () => {
  it("is refused with a hint", () => {
    const span = Buffer.concat([
      bytesField(1, Buffer.alloc(16, 1)),
      bytesField(2, Buffer.alloc(8, 1)),
      bytesField(5, "name"),
    ]);
    const metric = Buffer.concat([bytesField(1, "requests"), bytesField(5, bytesField(1, fixed64Field(3, 1n)))]);
    expect(() => scanLogs(request(span), "protobuf")).toThrow(/\/v1\/traces/);
    expect(() => scanLogs(request(metric), "protobuf")).toThrow(/\/v1\/metrics/);
    expect(() => scanLogs(Buffer.from('{"resourceSpans":[]}'), "json")).toThrow(/\/v1\/traces/);
  });
});
