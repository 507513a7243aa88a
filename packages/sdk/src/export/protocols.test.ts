import { Metadata, Server, ServerCredentials, status } from "@grpc/grpc-js";
import { afterEach, describe, expect, it } from "vitest";
import { exportCounts, flush, initialize, shutdown, withSpan } from "../index.ts";
import { type ReadSpan, readSpans } from "../testing/read-spans.ts";
import { startSpanSink } from "../testing/span-sink.ts";

afterEach(() => shutdown(1000));

function makeSpans(): void {
  const attributes = { text: 'quote " and 💥', whole: -5, large: 2 ** 53 - 1, half: 0.25, yes: true, list: ["a", "b"] };
  withSpan("first", { sessionId: "s", attributes }, () => {});
  expect(() =>
    withSpan("second", () => {
      throw new TypeError("bad");
    }),
  ).toThrow("bad");
}

interface JsonValue {
  readonly stringValue?: string;
  readonly [kind: string]: unknown;
}
interface JsonSpan {
  readonly [name: string]: unknown;
  readonly attributes: readonly { readonly key: string; readonly value: JsonValue }[];
}
interface JsonRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: JsonSpan["attributes"] };
    readonly scopeSpans: readonly { readonly scope: { readonly name: string }; readonly spans: readonly JsonSpan[] }[];
  }[];
}

describe("OTLP in JSON", () => {
  it("says the same as protobuf, with ids in hex, long numbers as text and enums as numbers", async () => {
    const sink = await startSpanSink();
    initialize({ appName: "json", endpoint: sink.endpoint, protocol: "http/json", compression: "gzip" });
    makeSpans();
    await flush();
    const [request] = sink.requests;
    expect(request?.headers).toMatchObject({ "content-type": "application/json", "content-encoding": "gzip" });
    const { resourceSpans } = JSON.parse(String(request?.body)) as JsonRequest;
    const [scoped] = resourceSpans[0]?.scopeSpans ?? [];
    expect(scoped?.scope.name).toBe("@telltale/sdk");
    expect(resourceSpans[0]?.resource.attributes).toContainEqual({
      key: "service.name",
      value: { stringValue: "json" },
    });
    const [first, second] = scoped?.spans ?? [];
    expect(first).toMatchObject({
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      spanId: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      name: "first",
      kind: 1,
      startTimeUnixNano: expect.stringMatching(/^1\d{18}$/) as string,
      flags: 257,
    });
    expect(Object.fromEntries((first?.attributes ?? []).map(({ key, value }) => [key, value]))).toMatchObject({
      text: { stringValue: 'quote " and 💥' },
      whole: { intValue: "-5" },
      large: { intValue: "9007199254740991" },
      half: { doubleValue: 0.25 },
      yes: { boolValue: true },
      list: { arrayValue: { values: [{ stringValue: "a" }, { stringValue: "b" }] } },
    });
    expect(second).toMatchObject({ status: { code: 2, message: "bad" }, events: [{ name: "exception" }] });
    await shutdown();
    await sink.stop();
  });
});

interface GrpcSink {
  readonly port: number;
  readonly spans: ReadSpan[];
  readonly headers: Metadata[];
  readonly errors: { code: number; details: string; metadata?: Metadata }[];
  stop(): void;
}

async function startGrpcSink(): Promise<GrpcSink> {
  const spans: ReadSpan[] = [];
  const headers: Metadata[] = [];
  const errors: GrpcSink["errors"] = [];
  const same = (value: Buffer): Buffer => value;
  const path = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
  const method = { path, requestStream: false, responseStream: false } as const;
  const server = new Server();
  server.addService(
    {
      Export: {
        ...method,
        requestSerialize: same,
        requestDeserialize: same,
        responseSerialize: same,
        responseDeserialize: same,
      },
    },
    {
      Export: (call: { request: Buffer; metadata: Metadata }, done: (error: object | null, value?: Buffer) => void) => {
        const error = errors.shift();
        if (error !== undefined) return done(error);
        spans.push(...readSpans(call.request));
        headers.push(call.metadata);
        return done(null, Buffer.alloc(0));
      },
    },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { port, spans, headers, errors, stop: () => server.forceShutdown() };
}

/** google.rpc.Status { details: [Any(RetryInfo { retry_delay: 0.2 s })] } */
function retryInfo(): Metadata {
  const type = Buffer.from("type.googleapis.com/google.rpc.RetryInfo");
  const duration = Buffer.from([0x10, 0x80, 0x84, 0xaf, 0x5f]);
  const info = Buffer.concat([Buffer.from([0x0a, duration.length]), duration]);
  const any = Buffer.concat([Buffer.from([0x0a, type.length]), type, Buffer.from([0x12, info.length]), info]);
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", Buffer.concat([Buffer.from([0x08, 8, 0x1a, any.length]), any]));
  return metadata;
}

describe("OTLP over gRPC", () => {
  it.each(["none", "gzip"] as const)("brings spans and headers, compression %s", async (compression) => {
    const sink = await startGrpcSink();
    const endpoint = `http://127.0.0.1:${sink.port}`;
    initialize({ appName: "grpc", endpoint, protocol: "grpc", compression, headers: { "x-key": "k" } });
    makeSpans();
    await flush();
    expect(sink.spans.map(({ name }) => name)).toEqual(["first", "second"]);
    expect(sink.headers[0]?.get("x-key")).toEqual(["k"]);
    expect(exportCounts()).toMatchObject({ sent: 2, queued: 0 });
    await shutdown();
    sink.stop();
  });

  it("is tried again when the server is away, or out of resources for a time that it tells", async () => {
    const sink = await startGrpcSink();
    sink.errors.push(
      { code: status.UNAVAILABLE, details: "soon" },
      { code: status.RESOURCE_EXHAUSTED, details: "later", metadata: retryInfo() },
    );
    initialize({ endpoint: `http://127.0.0.1:${sink.port}`, protocol: "grpc" });
    makeSpans();
    await flush();
    expect(exportCounts()).toMatchObject({ sent: 2, droppedRefused: 0 });
    sink.errors.push({ code: status.RESOURCE_EXHAUSTED, details: "never" });
    makeSpans();
    await flush();
    sink.errors.push({ code: status.INVALID_ARGUMENT, details: "no" });
    makeSpans();
    await flush();
    expect(exportCounts()).toMatchObject({ sent: 2, droppedRefused: 4 });
    await shutdown();
    sink.stop();
  });
});
