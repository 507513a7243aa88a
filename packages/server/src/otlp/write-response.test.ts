import { JsonTraceSerializer, ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import { describe, expect, it } from "vitest";
import { bytesField, varintField } from "./write-protobuf.ts";
import { writeExportResponse, writeStatus } from "./write-response.ts";

const NOTHING = { count: 0, reasons: [] };
const SOME = { count: 300, reasons: ["span id is missing", "trace id is all zero"] };
const MESSAGE = "span id is missing; trace id is all zero";

describe("the answer to an export", () => {
  it("is empty when everything was taken", () => {
    expect(writeExportResponse("traces", "protobuf", NOTHING)).toEqual(Buffer.alloc(0));
    expect(writeExportResponse("traces", "json", NOTHING).toString()).toBe("{}");
  });

  it("is understood by the OpenTelemetry SDK when something was refused", () => {
    const fromProtobuf = ProtobufTraceSerializer.deserializeResponse(writeExportResponse("traces", "protobuf", SOME));
    expect(Number(fromProtobuf.partialSuccess?.rejectedSpans)).toBe(300);
    expect(fromProtobuf.partialSuccess?.errorMessage).toBe(MESSAGE);
    const fromJson = JsonTraceSerializer.deserializeResponse(writeExportResponse("traces", "json", SOME));
    expect(Number(fromJson.partialSuccess?.rejectedSpans)).toBe(300);
    expect(fromJson.partialSuccess?.errorMessage).toBe(MESSAGE);
  });

  it("names the records of its signal in JSON", () => {
    expect(JSON.parse(writeExportResponse("logs", "json", SOME).toString())).toEqual({
      partialSuccess: { rejectedLogRecords: "300", errorMessage: MESSAGE },
    });
    expect(writeExportResponse("metrics", "json", SOME).toString()).toContain("rejectedDataPoints");
  });

  it("stays short whatever the reasons are", () => {
    const rejected = { count: 1, reasons: Array.from({ length: 8 }, () => "x".repeat(100_000)) };
    expect(writeExportResponse("traces", "json", rejected).length).toBeLessThan(4096);
    expect(writeStatus(3, "x".repeat(100_000), "protobuf").length).toBeLessThan(4096);
  });
});

describe("a status", () => {
  it("has a code and a message in both encodings", () => {
    expect(writeStatus(14, "größe", "protobuf")).toEqual(Buffer.concat([varintField(1, 14), bytesField(2, "größe")]));
    expect(JSON.parse(writeStatus(14, "größe", "json").toString())).toEqual({ code: 14, message: "größe" });
  });
});
