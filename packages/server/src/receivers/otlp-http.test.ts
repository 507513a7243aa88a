import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import type { Server } from "node:http";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { JournalFullError } from "../journal/journal.ts";
import type { Journal, JournalEntry } from "../journal/journal.ts";
import { bytesField, fixed64Field } from "../otlp/write-protobuf.ts";
import { Intake } from "../receive/intake.ts";
import type { HttpReceiver } from "../receiver.ts";
import { Metrics } from "../telemetry/metrics.ts";
import { createOtlpHttp } from "./otlp-http.ts";
import { emptyReader } from "../testing/empty-reader.ts";

const PROTOBUF = "application/x-protobuf";
const JSON_TYPE = "application/json";
const MIB = 1024 * 1024;
const IDS = Buffer.concat([bytesField(1, Buffer.alloc(16, 1)), bytesField(2, Buffer.alloc(8, 2))]);
const JSON_SPAN = { traceId: "01".repeat(16), spanId: "02".repeat(8) };

function spans(...all: readonly Uint8Array[]): Buffer {
  return bytesField(1, bytesField(2, ...all.map((span) => bytesField(2, span))));
}

function jsonSpans(...all: readonly object[]): Buffer {
  return Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: all }] }] }));
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

const entries: JournalEntry[] = [];
let failure: Error | undefined;
let waiting: Promise<void> | undefined;
let metrics: Metrics;
let server: Server;

async function serve(receiver: HttpReceiver): Promise<void> {
  server = createServer((request, response) => {
    const append: Journal["append"] = async (entry) => {
      await waiting;
      if (failure) throw failure;
      entries.push({ ...entry, body: Buffer.from(entry.body) });
      return { segment: 1, offset: entries.length };
    };
    void receiver.handle(request, response, { append }, "", emptyReader);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
}

function port(): number {
  return (server.address() as AddressInfo).port;
}

beforeEach(async () => {
  entries.length = 0;
  failure = undefined;
  waiting = undefined;
  metrics = new Metrics();
  await serve(createOtlpHttp(new Intake({ metrics, maxBodyBytes: 8 * MIB, maxBytesInFlight: 20 * MIB })));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

interface Sent {
  readonly path?: string;
  readonly method?: string;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sends the body in pieces, without a length. */
  readonly chunked?: boolean;
}

function post(body: Uint8Array, sent: Sent = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      host: "127.0.0.1",
      port: port(),
      path: sent.path ?? "/v1/traces",
      method: sent.method ?? "POST",
      headers: {
        ...(sent.type === "" ? {} : { "content-type": sent.type ?? PROTOBUF }),
        ...(sent.chunked ? {} : { "content-length": body.length }),
        ...sent.headers,
      },
    });
    request.on("error", reject);
    request.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk)).on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    if (sent.chunked) for (let at = 0; at < body.length; at += 50_000) request.write(body.subarray(at, at + 50_000));
    request.end(sent.chunked ? undefined : body);
  });
}

/** Expects a refusal with a `google.rpc.Status` in the encoding of the request; gives its message. */
function statusMessage(answer: Answer, status: number, type: string = PROTOBUF): string {
  expect(answer.status).toBe(status);
  expect(answer.headers["content-type"]).toBe(type);
  if (type === JSON_TYPE) {
    const body = JSON.parse(answer.body.toString()) as { code: number; message: string };
    expect(Object.keys(body)).toEqual(["code", "message"]);
    return body.message;
  }
  // code = 1 in one byte, message = 2.
  expect([...answer.body.subarray(0, 3)]).toEqual([0x08, expect.any(Number), 0x12]);
  const text = answer.body.toString("utf8");
  return text.slice(text.search(/[a-z"x/]/i));
}

describe("a request that is taken", () => {
  it("is in the journal with its bytes before it is answered", async () => {
    let release: () => void = () => undefined;
    waiting = new Promise((resolve) => (release = resolve));
    let answered = false;
    const answer = post(spans(IDS)).finally(() => (answered = true));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(answered).toBe(false);
    release();
    expect(await answer).toMatchObject({ status: 200, headers: { "content-type": PROTOBUF, "content-length": "0" } });
    expect(entries).toMatchObject([{ signal: "traces", encoding: "protobuf", project: "", body: spans(IDS) }]);
    expect(entries[0]!.receivedAt).toBeGreaterThan(1_700_000_000_000_000_000n);
  });

  it("may be JSON, with a character set", async () => {
    const answer = await post(jsonSpans(JSON_SPAN), { type: "Application/JSON; charset=utf-8" });
    expect(answer).toMatchObject({ status: 200, headers: { "content-type": JSON_TYPE }, body: Buffer.from("{}") });
    expect(entries).toMatchObject([{ encoding: "json", body: jsonSpans(JSON_SPAN) }]);
  });

  it("may be logs or metrics", async () => {
    const log = bytesField(1, bytesField(2, bytesField(2, fixed64Field(1, 1n))));
    const metric = bytesField(
      1,
      bytesField(2, bytesField(2, bytesField(1, "name"), bytesField(5, bytesField(1, fixed64Field(3, 1n))))),
    );
    expect((await post(log, { path: "/v1/logs?x=1" })).status).toBe(200);
    expect((await post(metric, { path: "/v1/metrics" })).status).toBe(200);
    expect(entries).toMatchObject([
      { signal: "logs", body: log },
      { signal: "metrics", body: metric },
    ]);
  });

  it("may be compressed, with a length or chunked", async () => {
    const body = spans(...Array.from({ length: 3000 }, () => IDS));
    const ways: readonly (readonly [string, Uint8Array])[] = [
      ["gzip", gzipSync(body)],
      ["deflate", deflateSync(body)],
      ["deflate", deflateRawSync(body)],
      ["zstd", zstdCompressSync(body)],
      ["identity", body],
      ["GZIP", gzipSync(body)],
    ];
    for (const [encoding, compressed] of ways) {
      for (const chunked of [false, true]) {
        expect((await post(compressed, { headers: { "content-encoding": encoding }, chunked })).status).toBe(200);
        expect(entries.pop()?.body).toEqual(body);
      }
    }
  });

  it("may be large, and is then decompressed beside the event loop", async () => {
    const noise = bytesField(
      9,
      bytesField(1, "noise"),
      bytesField(2, bytesField(1, Buffer.from(Array.from({ length: 6 * MIB }, () => 32 + Math.random() * 90)))),
    );
    const body = spans(Buffer.concat([IDS, noise]));
    for (const [encoding, compressed] of [
      ["gzip", gzipSync(body, { level: 1 })],
      ["zstd", zstdCompressSync(body)],
    ] as const) {
      expect(compressed.length).toBeGreaterThan(MIB);
      expect((await post(compressed, { headers: { "content-encoding": encoding } })).status).toBe(200);
      expect(Buffer.compare(entries.pop()!.body, body)).toBe(0);
    }
  });

  it("does not mix with others that are sent at the same time", async () => {
    let release: () => void = () => undefined;
    waiting = new Promise((resolve) => (release = resolve));
    const bodies = Array.from({ length: 30 }, (_, index) =>
      spans(Buffer.concat([IDS, bytesField(5, Buffer.alloc(100_000 + index * 10_000, String(index)))])),
    );
    const answers = Promise.all(bodies.map((body, index) => post(body, { chunked: index % 3 === 0 })));
    const bytes = bodies.reduce((sum, body) => sum + body.length, 0);
    await expect.poll(() => metrics.text()).toContain(`telltale_receiver_in_flight_bytes ${bytes}`);
    release();
    expect((await answers).map(({ status }) => status)).toEqual(bodies.map(() => 200));
    const kept = entries.map(({ body }) => body).sort((a, b) => a.length - b.length);
    for (const [index, body] of bodies.entries()) expect(Buffer.compare(kept[index]!, body)).toBe(0);
  });

  it("that is empty is a success and leaves nothing in the journal", async () => {
    for (const path of ["/v1/traces", "/v1/logs", "/v1/metrics"]) {
      expect(await post(Buffer.alloc(0), { path })).toMatchObject({ status: 200, body: Buffer.alloc(0) });
      expect(await post(Buffer.from("{}"), { path, type: JSON_TYPE })).toMatchObject({ status: 200 });
    }
    expect((await post(bytesField(1))).status).toBe(200);
    expect((await post(Buffer.alloc(0), { headers: { "content-encoding": "gzip" } })).status).toBe(200);
    expect(entries).toEqual([]);
  });

  it("names its project in a header", async () => {
    for (const [header, project] of [
      ["shop", "shop"],
      [Buffer.from("größe").toString("latin1"), "größe"],
      ["x".repeat(100), "x".repeat(100)],
    ] as const) {
      expect((await post(spans(IDS), { headers: { "x-telltale-project": header } })).status).toBe(200);
      expect(entries.pop()?.project).toBe(project);
    }
    for (const header of ["", " ", "x".repeat(101), "tab\there"]) {
      expect(statusMessage(await post(spans(IDS), { headers: { "x-telltale-project": header } }), 400)).toContain(
        "x-telltale-project",
      );
    }
  });

  it("with some bad spans is taken, and the answer tells how many were not and why", async () => {
    const inProtobuf = await post(spans(IDS, bytesField(1, Buffer.alloc(16, 1))));
    expect(inProtobuf.status).toBe(200);
    expect(inProtobuf.body).toEqual(bytesField(1, Buffer.from([0x08, 1]), bytesField(2, "span id is missing")));
    const inJson = await post(jsonSpans(JSON_SPAN, { ...JSON_SPAN, traceId: "x" }), { type: JSON_TYPE });
    expect(JSON.parse(inJson.body.toString())).toEqual({
      partialSuccess: { rejectedSpans: "1", errorMessage: "traceId is not 32 hex digits" },
    });
    expect(entries).toHaveLength(2);
    expect((await post(spans(bytesField(5, "no ids")))).status).toBe(200);
    expect(entries).toHaveLength(2);
  });
});

describe("a request that is refused", () => {
  it("with another method learns which is allowed", async () => {
    for (const method of ["GET", "PUT", "OPTIONS", "DELETE"]) {
      const answer = await post(Buffer.alloc(0), { method, headers: { origin: "http://elsewhere" } });
      expect(statusMessage(answer, 405)).toContain("POST");
      expect(answer.headers).toMatchObject({ allow: "POST" });
      expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  });

  it("with another content type learns which are understood", async () => {
    for (const type of ["text/plain", "application/xml", "", "application/x-protobuffer"]) {
      expect(statusMessage(await post(spans(IDS), { type }), 415, JSON_TYPE)).toContain(PROTOBUF);
    }
  });

  it("because it is no OTLP is told so in its own encoding", async () => {
    expect(statusMessage(await post(spans(IDS).subarray(0, -1)), 400)).toContain("not an OTLP traces request");
    expect(statusMessage(await post(Buffer.from("{"), { type: JSON_TYPE }), 400, JSON_TYPE)).toContain("JSON");
    expect(
      statusMessage(await post(Buffer.from('{"resourceLogs":[]}'), { type: JSON_TYPE }), 400, JSON_TYPE),
    ).toContain("/v1/logs");
    expect(statusMessage(await post(jsonSpans(JSON_SPAN)), 400)).toContain("application/json");
    expect(entries).toEqual([]);
  });

  it("because its body is not what the content-encoding says", async () => {
    const cases: readonly (readonly [string, Uint8Array])[] = [
      ["gzip", spans(IDS)],
      ["gzip", gzipSync(spans(IDS)).subarray(0, -9)],
      ["gzip", gzipSync(gzipSync(spans(IDS)))],
      ["deflate", Buffer.from("nonsense")],
      ["zstd", gzipSync(spans(IDS))],
      ["zstd", zstdCompressSync(Buffer.alloc(50_000, spans(IDS))).subarray(0, 30)],
      ["gzip", Buffer.from("x")],
      ["br", spans(IDS)],
      ["gzip, gzip", spans(IDS)],
    ];
    for (const [encoding, body] of cases) {
      const answer = await post(body, { headers: { "content-encoding": encoding } });
      expect(statusMessage(answer, 400)).not.toBe("");
    }
    expect(entries).toEqual([]);
  });

  it("because it is too large, by its length, by its chunks and after decompression", async () => {
    const large = Buffer.alloc(8 * MIB + 1);
    expect(statusMessage(await post(large), 413)).toContain("8388608 bytes");
    expect(statusMessage(await post(large, { chunked: true }), 413)).toContain("smaller batches");
    expect(statusMessage(await post(large, { type: JSON_TYPE }), 413, JSON_TYPE)).toContain("larger");
    for (const [encoding, compressed] of [
      ["gzip", gzipSync(large)],
      ["deflate", deflateSync(large)],
      ["zstd", zstdCompressSync(large)],
    ] as const) {
      statusMessage(await post(compressed, { headers: { "content-encoding": encoding } }), 413);
    }
    expect(metrics.text()).toContain("telltale_receiver_in_flight_bytes 0");
  });

  it("before the rest of it was sent, when its length tells enough", async () => {
    const socket = connect(port(), "127.0.0.1");
    socket.write(
      "POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-protobuf\r\ncontent-length: 99999999\r\n\r\n",
    );
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
    await once(socket, "close");
  });

  it("as a bomb of a gigabyte in one of kilobytes, without using that memory", async () => {
    const gigabyte = Buffer.alloc(1024 * MIB);
    const bombs = [
      ["zstd", zstdCompressSync(gigabyte)],
      ["gzip", gzipSync(gigabyte, { level: 1 })],
    ] as const;
    const before = process.memoryUsage.rss();
    for (const [encoding, bomb] of bombs)
      statusMessage(await post(bomb, { headers: { "content-encoding": encoding } }), 413);
    expect(process.memoryUsage.rss() - before).toBeLessThan(150 * MIB);
  });

  it("for now, because the journal is full, closed or its disk refuses, is asked to come again soon", async () => {
    for (const error of [
      new JournalFullError("the journal is full"),
      new Error("the journal is closed"),
      Object.assign(new Error("no space left"), { code: "ENOSPC" }),
    ]) {
      failure = error;
      const answer = await post(spans(IDS));
      expect(statusMessage(answer, 503)).toContain(error.message);
      expect(Number(answer.headers["retry-after"])).toBeGreaterThanOrEqual(1);
      expect(Number(answer.headers["retry-after"])).toBeLessThanOrEqual(3);
    }
    failure = undefined;
    expect((await post(spans(IDS))).status).toBe(200);
  });

  it("for now, because other bodies fill the memory, and is taken when they are done", async () => {
    let release: () => void = () => undefined;
    waiting = new Promise((resolve) => (release = resolve));
    const big = spans(Buffer.concat([IDS, bytesField(5, Buffer.alloc(7 * MIB, "x"))]));
    const first = [post(big), post(big)];
    await expect.poll(() => metrics.text()).toContain(`telltale_receiver_in_flight_bytes ${2 * big.length}`);
    const refused = await post(big);
    expect(statusMessage(refused, 503)).toContain("too many");
    expect(refused.headers["retry-after"]).toBe("1");
    release();
    expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await post(big)).status).toBe(200);
  });
});

describe("a sender that goes away", () => {
  it("leaves nothing behind", async () => {
    const socket = connect(port(), "127.0.0.1");
    socket.write(
      "POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-protobuf\r\ncontent-length: 999\r\n\r\nabc",
    );
    await expect.poll(() => metrics.text()).toContain("telltale_receiver_in_flight_bytes 3");
    socket.destroy();
    await expect.poll(() => metrics.text()).toContain("telltale_receiver_in_flight_bytes 0");
    expect(entries).toEqual([]);
    expect((await post(spans(IDS))).status).toBe(200);
  });
});

describe("the receiver's metrics", () => {
  it("count requests, records and bytes", async () => {
    await post(spans(IDS, IDS, bytesField(5, "bad")));
    await post(Buffer.from("{"), { type: JSON_TYPE });
    const text = metrics.text();
    expect(text).toContain('telltale_receiver_requests_total{signal="traces",status="200"} 1');
    expect(text).toContain('telltale_receiver_requests_total{signal="traces",status="400"} 1');
    expect(text).toContain('telltale_receiver_records_total{signal="traces",outcome="accepted"} 2');
    expect(text).toContain('telltale_receiver_records_total{signal="traces",outcome="rejected"} 1');
    expect(text).toMatch(/telltale_receiver_bytes_total\{signal="traces"\} \d+/);
  });
});
