import { describe, expect, it, vi } from "vitest";
import type { InitializeOptions } from "../initialize-options.ts";
import { Settings } from "../options/settings.ts";
import { readSampling } from "../sampling/read-sampling-options.ts";
import { readSendingOptions, type SendingOptions } from "./read-sending-options.ts";

// What is told of nonsense is tested beside the settings.
vi.spyOn(process.stderr, "write").mockReturnValue(true);

function read(options: InitializeOptions, environment: Record<string, string>): SendingOptions | undefined {
  return readSendingOptions(options, new Settings(environment));
}

const MIB = 1024 * 1024;

describe("where spans and metrics go", () => {
  it.each<[InitializeOptions, Record<string, string>, string | undefined, string | undefined]>([
    [{}, {}, "http://127.0.0.1:4318/v1/traces", "http://127.0.0.1:4318/v1/metrics"],
    [{ endpoint: "https://x.example/a/" }, {}, "https://x.example/a/v1/traces", "https://x.example/a/v1/metrics"],
    [{ endpoint: "https://x.example/v1/traces" }, {}, "https://x.example/v1/traces", "https://x.example/v1/metrics"],
    [{}, { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://b:2/x" }, "http://b:2/x", undefined],
    [
      {},
      { OTEL_EXPORTER_OTLP_ENDPOINT: "http://a:1", OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: "http://m:2/y" },
      "http://a:1/v1/traces",
      "http://m:2/y",
    ],
    [{}, { OTEL_METRICS_EXPORTER: "none" }, "http://127.0.0.1:4318/v1/traces", undefined],
    [{ protocol: "grpc" }, {}, "http://127.0.0.1:4317/", "http://127.0.0.1:4317/"],
    [
      { protocol: "grpc", endpoint: "otel.example:4317" },
      {},
      "https://otel.example:4317/",
      "https://otel.example:4317/",
    ],
    [
      { protocol: "grpc", endpoint: "localhost:4317" },
      { OTEL_EXPORTER_OTLP_INSECURE: "true" },
      "http://localhost:4317/",
      "http://localhost:4317/",
    ],
    [{ protocol: "grpc", endpoint: "::::" }, {}, undefined, undefined],
  ])("%j with %j is %s and %s", (options, environment, traces, metrics) => {
    const sent = read(options, environment);
    expect([sent?.urls.traces?.href, sent?.urls.metrics?.href]).toEqual([traces, metrics]);
  });
});

describe("how it is sent", () => {
  it("has defaults below what stock servers take", () => {
    expect(read({}, {})).toMatchObject({
      protocol: "http/protobuf",
      batchSpans: 512,
      batchIntervalMs: 1000,
      maxQueueBytes: 64 * MIB,
      spool: undefined,
      limits: { spanBytes: 16 * MIB, attributeCount: undefined, attributeValueLength: undefined },
    });
    expect(read({ protocol: "grpc" }, {})?.limits.spanBytes).toBeLessThan(4 * MIB);
    expect(read({ maxSpanBytes: 1e12 }, {})?.limits.spanBytes).toBeLessThan(64 * MIB);
  });

  it("takes the variables of OpenTelemetry and of the spool, and no nonsense", () => {
    const environment = {
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: "3000",
      OTEL_EXPORTER_OTLP_CERTIFICATE: "/ca.pem",
      OTEL_EXPORTER_OTLP_CLIENT_KEY: "/key.pem",
      OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: "/certificate.pem",
      OTEL_BSP_SCHEDULE_DELAY: "250",
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "64",
      OTEL_BSP_MAX_QUEUE_SIZE: "2048",
      OTEL_ATTRIBUTE_COUNT_LIMIT: "100",
      OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: "50",
      OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: "1000",
      OTEL_SPAN_EVENT_COUNT_LIMIT: "10",
      TELLTALE_SPOOL: "/var/spool/x",
      TELLTALE_SPOOL_MAX_BYTES: "5000",
    };
    expect(read({}, environment)).toMatchObject({
      protocol: "http/json",
      timeoutMs: 3000,
      tls: { authority: "/ca.pem", clientKey: "/key.pem", clientCertificate: "/certificate.pem" },
      batchIntervalMs: 250,
      batchSpans: 64,
      maxQueueSpans: 2048,
      limits: { attributeCount: 50, eventAttributeCount: 100, attributeValueLength: 1000, eventCount: 10 },
      spool: { directory: "/var/spool/x", maxBytes: 5000 },
    });
    expect(read({ spool: false }, environment)?.spool).toBeUndefined();
    const nonsense = {
      OTEL_EXPORTER_OTLP_PROTOCOL: "carrier pigeon",
      OTEL_EXPORTER_OTLP_TIMEOUT: "soon",
      OTEL_BSP_SCHEDULE_DELAY: "-5",
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "0",
      OTEL_ATTRIBUTE_COUNT_LIMIT: "",
    };
    expect(read({}, nonsense)).toEqual(read({}, {}));
  });
});

describe("sampling", () => {
  it.each<[Record<string, string>, object | undefined]>([
    [{}, undefined],
    [{ OTEL_TRACES_SAMPLER: "always_on" }, undefined],
    [{ OTEL_TRACES_SAMPLER: "always_off" }, { ratio: 0, keep: { errors: false } }],
    [
      { OTEL_TRACES_SAMPLER: "traceidratio", OTEL_TRACES_SAMPLER_ARG: "0.25" },
      { ratio: 0.25, keep: { errors: true } },
    ],
    [{ OTEL_TRACES_SAMPLER: "traceidratio" }, undefined],
    [{ OTEL_TRACES_SAMPLER: "traceidratio", OTEL_TRACES_SAMPLER_ARG: "7" }, undefined],
    [
      { OTEL_TRACES_SAMPLER: "parentbased_traceidratio", OTEL_TRACES_SAMPLER_ARG: "0.5" },
      { ratio: 0.5, followParent: true },
    ],
    [{ OTEL_TRACES_SAMPLER: "parentbased_always_on" }, { ratio: 1, followParent: true }],
    [{ OTEL_TRACES_SAMPLER: "jaeger_remote" }, undefined],
  ])("by %j", (environment, expected) => {
    const read = readSampling(undefined, new Settings(environment));
    if (expected === undefined) expect(read).toBeUndefined();
    else expect(read).toMatchObject(expected);
  });

  it("by options wins, and is nothing where it keeps everything", () => {
    expect(readSampling({ ratio: 0.5 }, new Settings({ OTEL_TRACES_SAMPLER: "always_off" }))).toMatchObject({
      ratio: 0.5,
    });
    expect(readSampling({ ratio: 1 }, new Settings({}))).toBeUndefined();
    expect(readSampling({ ratio: Number.NaN }, new Settings({}))).toBeUndefined();
    expect(readSampling({ contentRatio: 0 }, new Settings({}))).toMatchObject({ ratio: 1, contentRatio: 0 });
  });
});
