import { existsSync, readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { Client, compressionAlgorithms, credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Journal, type JournalEntry, JournalFullError } from "../journal/journal.ts";
import { bytesField, varintField } from "../otlp/write-protobuf.ts";
import { Intake } from "../receive/intake.ts";
import type { ReceiverPort } from "../receiver.ts";
import { Metrics } from "../telemetry/metrics.ts";
import { createOtlpGrpc } from "./otlp-grpc.ts";

const MIB = 2 ** 20;
const LIMIT = 8 * MIB;
const MESSAGE_MS = 5_000;
const TRACES = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
const LOGS = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";
const METRICS = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
const corpus = fileURLToPath(new URL("../../../../fixtures/corpus", import.meta.url));

const entries: JournalEntry[] = [];
const lines: string[] = [];
const clients: Client[] = [];
let metrics: Metrics;
let append: Journal["append"];
let port: ReceiverPort;

const keep: Journal["append"] = (entry) => {
  entries.push({ ...entry, body: Buffer.from(entry.body) });
  return Promise.resolve({ segment: 1, offset: entries.length });
};

beforeEach(async () => {
  entries.length = 0;
  lines.length = 0;
  append = keep;
  metrics = new Metrics();
  const intake = new Intake({ metrics, maxBodyBytes: LIMIT, maxBytesInFlight: 20 * MIB });
  const receiver = createOtlpGrpc(intake, MESSAGE_MS);
  const place = { host: "127.0.0.1", port: 0, log: (line: string) => void lines.push(line) };
  port = await receiver.listen(place, { append: (entry) => append(entry) });
});

afterEach(async () => {
  for (const one of clients.splice(0)) one.close();
  await port.close(1_000);
});

/** A span with valid ids and a name of so many bytes. */
function span(nameBytes = 4): Buffer {
  return Buffer.concat([
    bytesField(1, Buffer.alloc(16, 1)),
    bytesField(2, Buffer.alloc(8, 2)),
    bytesField(5, Buffer.alloc(nameBytes, 97)),
  ]);
}

function spans(...all: readonly Uint8Array[]): Buffer {
  return bytesField(1, bytesField(2, ...all.map((one) => bytesField(2, one))));
}

function client(compression?: compressionAlgorithms): Client {
  const options = compression === undefined ? {} : { "grpc.default_compression_algorithm": compression };
  const made = new Client(`127.0.0.1:${port.port}`, credentials.createInsecure(), {
    "grpc.max_send_message_length": -1,
    ...options,
  });
  clients.push(made);
  return made;
}

const bytes = (value: Buffer): Buffer => value;

function call(by: Client, path: string, body: Buffer, metadata = new Metadata()): Promise<Buffer> {
  const deadline = { deadline: Date.now() + 20_000 };
  return new Promise((resolve, reject) => {
    by.makeUnaryRequest(path, bytes, bytes, body, metadata, deadline, (error, answer) =>
      error ? reject(error) : resolve(answer ?? Buffer.alloc(0)),
    );
  });
}

function openWithoutMessage(by: Client): Promise<void> {
  return new Promise((resolve, reject) => {
    const deadline = { deadline: Date.now() + 20_000 };
    const ended = (error: ServiceError | null): void => (error ? reject(error) : resolve());
    by.makeClientStreamRequest(TRACES, bytes, bytes, new Metadata(), deadline, ended).on("error", () => undefined);
  });
}

async function refusal(made: Promise<unknown>): Promise<{ code: number; details: string; extra: Buffer | undefined }> {
  const error = await made.then(
    () => undefined,
    (reason: ServiceError) => reason,
  );
  if (error === undefined) throw new Error("the call was answered with success");
  const [extra] = error.metadata.get("grpc-status-details-bin");
  return { code: error.code, details: error.details, extra: typeof extra === "string" ? undefined : extra };
}

/** The seconds of the RetryInfo in `google.rpc.Status`, as it stands at the end of the message. */
function retrySeconds(extra: Buffer | undefined): number | undefined {
  const at = extra?.indexOf("type.googleapis.com/google.rpc.RetryInfo") ?? -1;
  if (extra === undefined || at < 0) return undefined;
  const value = extra.subarray(at + "type.googleapis.com/google.rpc.RetryInfo".length);
  // Any.value, 4 bytes: RetryInfo.retry_delay, 2 bytes: Duration.seconds.
  expect([...value.subarray(0, 5)]).toEqual([0x12, 4, 0x0a, 2, 0x08]);
  return value[5];
}

it("keeps each signal as it was sent before it answers, with an empty answer", async () => {
  let release = (): void => undefined;
  const written = new Promise<void>((resolve) => (release = resolve));
  append = async (entry) => {
    await written;
    return keep(entry);
  };
  let isAnswered = false;
  const body = spans(span());
  const answer = call(client(), TRACES, body).finally(() => (isAnswered = true));
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(isAnswered).toBe(false);
  release();
  expect(await answer).toHaveLength(0);
  expect(entries).toMatchObject([{ signal: "traces", encoding: "protobuf", project: "" }]);
  expect(Buffer.from(entries[0]!.body).equals(body)).toBe(true);
  const log = bytesField(1, bytesField(2, bytesField(2, bytesField(3, "INFO"))));
  await call(client(), LOGS, log);
  const metric = bytesField(1, bytesField(2, bytesField(2, bytesField(1, "m"), bytesField(5, bytesField(1, "")))));
  await call(client(), METRICS, metric);
  expect(entries.map(({ signal }) => signal)).toEqual(["traces", "logs", "metrics"]);
  expect(metrics.text()).toContain('telltale_receiver_requests_total{signal="logs",status="200"} 1');
});

it("answers an empty request with success and keeps nothing", async () => {
  expect(await call(client(), TRACES, Buffer.alloc(0))).toHaveLength(0);
  expect(entries).toEqual([]);
});

it("takes gzip and deflate", async () => {
  const body = spans(span(100_000));
  await call(client(compressionAlgorithms.gzip), TRACES, body);
  await call(client(compressionAlgorithms.deflate), TRACES, body);
  expect(entries.map((entry) => Buffer.from(entry.body).equals(body))).toEqual([true, true]);
});

it("takes the project from the metadata, and refuses one that is none", async () => {
  const metadata = new Metadata();
  metadata.set("x-telltale-project", "checkout");
  await call(client(), TRACES, spans(span()), metadata);
  expect(entries.map(({ project }) => project)).toEqual(["checkout"]);
  metadata.set("x-telltale-project", "x".repeat(101));
  const refused = await refusal(call(client(), TRACES, spans(span()), metadata));
  expect(refused).toMatchObject({ code: status.INVALID_ARGUMENT });
  expect(refused.details).toContain("x-telltale-project");
});

it("refuses what is no OTLP with INVALID_ARGUMENT, once and for all", async () => {
  for (const body of [Buffer.from([0xff, 0xff, 0xff]), Buffer.from("hello"), spans(span()).subarray(0, 20)]) {
    const refused = await refusal(call(client(), TRACES, body));
    expect(refused.code).toBe(status.INVALID_ARGUMENT);
    expect(retrySeconds(refused.extra)).toBeUndefined();
  }
  expect(entries).toEqual([]);
  expect(metrics.text()).toContain('{signal="traces",status="400"} 3');
});

it("tells in partial_success how many spans it rejected, and keeps the rest", async () => {
  const answer = await call(client(), TRACES, spans(span(), bytesField(5, "no ids"), span()));
  // ExportTracePartialSuccess = 1: rejected_spans = 1, error_message = 2.
  expect(answer.subarray(2, 4)).toEqual(varintField(1, 1));
  expect(answer.toString("utf8")).toMatch(/id/);
  expect(entries).toHaveLength(1);
});

it("refuses with RESOURCE_EXHAUSTED and without RetryInfo what is too large, as sent or decompressed", async () => {
  const large = spans(span(LIMIT + 1));
  for (const compression of [undefined, compressionAlgorithms.gzip]) {
    const refused = await refusal(call(client(compression), TRACES, large));
    expect(refused).toMatchObject({ code: status.RESOURCE_EXHAUSTED, extra: undefined });
  }
  expect(entries).toEqual([]);
  await call(client(compressionAlgorithms.gzip), TRACES, spans(span(LIMIT - 1_000)));
  expect(entries).toHaveLength(1);
});

it("asks for another try with RetryInfo of 1 to 3 seconds when it cannot keep a request now", async () => {
  for (const [failure, seconds] of [
    [new JournalFullError("the disk is full"), 3],
    [new Error("EIO"), 2],
  ] as const) {
    append = () => Promise.reject(failure);
    const refused = await refusal(call(client(), TRACES, spans(span())));
    expect(refused.code).toBe(status.UNAVAILABLE);
    expect(refused.details).toContain(failure.message);
    expect(retrySeconds(refused.extra)).toBe(seconds);
  }
});

it("throttles when the bodies in memory would be more than its bound, and loses none that it took", async () => {
  let release = (): void => undefined;
  const written = new Promise<void>((resolve) => (release = resolve));
  append = async (entry) => {
    await written;
    return keep(entry);
  };
  const by = client();
  const made = Array.from({ length: 5 }, () => call(by, TRACES, spans(span(6 * MIB))));
  const results = Promise.allSettled(made);
  // Three fit into 20 MiB.
  await expect.poll(() => metrics.text(), { timeout: 10_000 }).toContain('{signal="traces",status="503"} 2');
  release();
  const refused = (await results).filter((result) => result.status === "rejected");
  expect(refused).toHaveLength(2);
  expect(entries).toHaveLength(3);
  const told = await refusal(Promise.reject(refused[0]?.reason));
  expect(told.code).toBe(status.UNAVAILABLE);
  expect(retrySeconds(told.extra)).toBe(1);
  expect(metrics.text()).toContain("telltale_receiver_in_flight_bytes 0");
});

it("answers many exports at once over one connection and over many", async () => {
  const shared = client(compressionAlgorithms.gzip);
  const sizes = Array.from({ length: 200 }, (_, index) => 10 + index * 97);
  await Promise.all(sizes.map((size, index) => call(index % 2 ? shared : client(), TRACES, spans(span(size)))));
  const kept = entries.map((entry) => entry.body.length).toSorted((a, b) => a - b);
  expect(kept).toEqual(sizes.map((size) => spans(span(size)).length));
});

it("gives up calls that never send their message, so that those behind them have their turn", async () => {
  // Eight calls that open and send nothing hold every turn.
  const held = client();
  const idle = Array.from({ length: 8 }, () => refusal(openWithoutMessage(held)));
  await new Promise((resolve) => setTimeout(resolve, 300));
  await call(client(), TRACES, spans(span()));
  expect(entries).toHaveLength(1);
  for (const { code, extra } of await Promise.all(idle))
    expect({ code, seconds: retrySeconds(extra) }).toEqual({ code: status.UNAVAILABLE, seconds: 1 });
});

it("answers an unknown method with UNIMPLEMENTED", async () => {
  const refused = await refusal(
    call(client(), "/opentelemetry.proto.collector.trace.v1.TraceService/Nothing", Buffer.alloc(0)),
  );
  expect(refused.code).toBe(status.UNIMPLEMENTED);
});

it("survives bytes that are no HTTP/2, and connections that are cut", async () => {
  for (const text of [
    "GET / HTTP/1.1\r\nhost: x\r\n\r\n",
    "\0\0\0",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\ngarbage garbage garbage",
  ]) {
    const socket = connect(port.port, "127.0.0.1").on("error", () => undefined);
    socket.write(text);
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
  }
  await call(client(), TRACES, spans(span()));
  expect(entries).toHaveLength(1);
  expect(lines).toEqual([]);
});

it("answers what it has begun when it is closed, and then takes nothing more", async () => {
  let release = (): void => undefined;
  const written = new Promise<void>((resolve) => (release = resolve));
  append = async (entry) => {
    await written;
    return keep(entry);
  };
  const answer = call(client(), TRACES, spans(span()));
  await expect.poll(() => metrics.text()).toMatch(/telltale_receiver_in_flight_bytes [1-9]/);
  const closed = port.close(5_000);
  setTimeout(release, 200);
  expect(await answer).toHaveLength(0);
  await closed;
  expect(entries).toHaveLength(1);
  expect((await refusal(call(client(), TRACES, spans(span())))).code).toBe(status.UNAVAILABLE);
});

it("refuses a port that another program has, with the system's error", async () => {
  const place = { host: "127.0.0.1", port: port.port, log: () => undefined };
  const second = createOtlpGrpc(new Intake({ metrics: new Metrics() })).listen(place, { append: keep });
  await expect(second).rejects.toMatchObject({ code: "EADDRINUSE" });
});

it.skipIf(!existsSync(corpus))("takes what real SDKs sent, as it was sent", async () => {
  const paths: Record<string, string> = { "/v1/traces": TRACES, "/v1/logs": LOGS, "/v1/metrics": METRICS };
  const folder = join(corpus, "otelofficial-proto-gzip");
  const requests = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".request.json"),
  );
  const by = client(compressionAlgorithms.gzip);
  for (const name of requests) {
    const { path } = JSON.parse(readFileSync(join(folder, name), "utf8")) as { path: string };
    const sent = readFileSync(join(folder, name.replace(/\.request\.json$/, ".body")));
    const body = sent[0] === 0x1f ? gunzipSync(sent) : sent;
    expect(await call(by, paths[path]!, body)).toHaveLength(0);
    expect(Buffer.from(entries.at(-1)!.body).equals(body)).toBe(true);
  }
  expect(requests.length).toBeGreaterThan(3);
  expect(entries).toHaveLength(requests.length);
});
