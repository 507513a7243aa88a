import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { attribute, bomb, jsonTraces, tracesOf, VALUES } from "./payloads.ts";
import { callGrpc, type HttpAnswer, post } from "./send.ts";

/** Where the receiver is; without `grpc` the rows of that transport are left out. */
export interface Target {
  /** `http://127.0.0.1:4318`. */
  readonly http: string;
  /** `127.0.0.1:4317`. */
  readonly grpc?: string;
}

/** One thing that a receiver of OTLP must do. `run` gives what is wrong, or nothing. */
export interface Check {
  readonly rule: string;
  readonly wire: "http" | "grpc";
  readonly what: string;
  run(target: Target): Promise<string | undefined>;
}

const PROTOBUF = "application/x-protobuf";
const JSON_TYPE = "application/json";
const TRACES = "/v1/traces";
/** Requests at once, and spans of each, for a moment of more than is usual. */
const BURST = { requests: 40, spans: 2_000 } as const;
/** A sender gives up after some ten seconds; to wait for longer is to lose. */
const LONGEST_WAIT_S = 10;

/** A partial success with nothing in it says the same as none (collector/trace/v1/trace_service.proto). */
const EMPTY_PARTIAL_SUCCESS = Buffer.from([0x0a, 0x00]);

function expectStatus(answer: HttpAnswer, status: number): string | undefined {
  return answer.status === status ? undefined : `answered ${answer.status}, not ${status}`;
}

function accepted(answer: HttpAnswer, type: string): string | undefined {
  const wrong = expectStatus(answer, 200);
  if (wrong) return wrong;
  if (answer.type !== type) return `answered in ${answer.type || "no type"} to a request in ${type}`;
  const isPartial =
    type === JSON_TYPE
      ? /"rejected/.test(answer.body.toString())
      : answer.body.length > 0 && !answer.body.equals(EMPTY_PARTIAL_SUCCESS);
  return isPartial ? `says partial success: ${answer.body.toString("latin1").slice(0, 80)}` : undefined;
}

/** Whether the body is a `google.rpc.Status` with a message in it. */
function isStatus({ type, body }: HttpAnswer, asked: string): string | undefined {
  if (type !== asked) return `the error is in ${type || "no type"}, the request was in ${asked}`;
  if (asked === PROTOBUF) return body.includes(0x12) ? undefined : "the body is no google.rpc.Status";
  try {
    const status = JSON.parse(body.toString()) as { message?: unknown };
    return typeof status.message === "string" ? undefined : "the Status has no message";
  } catch {
    return "the body is no JSON";
  }
}

function http(rule: string, what: string, run: (endpoint: string) => Promise<string | undefined>): Check {
  return { rule, wire: "http", what, run: (target) => run(target.http) };
}

function grpc(rule: string, what: string, run: (endpoint: string) => Promise<string | undefined>): Check {
  return { rule, wire: "grpc", what, run: (target) => run(target.grpc ?? "") };
}

async function grpcStatus(
  endpoint: string,
  message: Uint8Array,
  wanted: number,
  encoding?: string,
): Promise<string | undefined> {
  const answer = await callGrpc(endpoint, message, encoding);
  return answer.status === wanted ? undefined : `status ${answer.status} (${answer.message}), not ${wanted}`;
}

async function burst(endpoint: string): Promise<string | undefined> {
  const body = tracesOf(...Array.from({ length: BURST.spans }, () => ({})));
  const answers = await Promise.all(
    Array.from({ length: BURST.requests }, () => post(endpoint, TRACES, body, { "content-type": PROTOBUF })),
  );
  for (const { status, retryAfter } of answers) {
    if (status === 200) continue;
    if (status !== 429 && status !== 503) return `answered ${status}, which a sender does not try again`;
    const wait = Number(retryAfter);
    if (retryAfter === undefined || (Number.isFinite(wait) && wait > LONGEST_WAIT_S))
      return `${status} with Retry-After ${retryAfter ?? "missing"}`;
  }
  return undefined;
}

async function grpcBomb(endpoint: string): Promise<string | undefined> {
  const answer = await callGrpc(endpoint, bomb(), "gzip");
  if (answer.status !== 8) return `status ${answer.status} (${answer.message}), not 8 RESOURCE_EXHAUSTED`;
  return answer.mayRetry ? "has RetryInfo: the sender would send the same again" : undefined;
}

async function partial(endpoint: string): Promise<string | undefined> {
  const answer = await post(endpoint, TRACES, jsonTraces(true), { "content-type": JSON_TYPE });
  const wrong = expectStatus(answer, 200);
  if (wrong) return wrong;
  const told = JSON.parse(answer.body.toString()) as {
    partialSuccess?: { rejectedSpans?: unknown; errorMessage?: unknown };
  };
  if (Number(told.partialSuccess?.rejectedSpans) !== 1) return "does not say that 1 span was rejected";
  return told.partialSuccess?.errorMessage ? undefined : "does not say why";
}

async function twice(send: () => Promise<string | undefined>): Promise<string | undefined> {
  return (await send()) ?? (await send());
}

const span = (): Buffer => tracesOf({});
const signal = async (endpoint: string, path: string): Promise<string | undefined> =>
  accepted(await post(endpoint, path, Buffer.alloc(0), { "content-type": PROTOBUF }), PROTOBUF);
const broken = Buffer.from([0x0a, 0xff, 0xff, 0xff, 0x7f, 0x01]);

/** Every check, by rule (OTLP 1.11, the receiver's side). */
export const checks: readonly Check[] = [
  http("R1", "protobuf, answered in protobuf", async (at) =>
    accepted(await post(at, TRACES, span(), { "content-type": PROTOBUF }), PROTOBUF),
  ),
  http("R1", "JSON on the same port, answered in JSON", async (at) =>
    accepted(await post(at, TRACES, jsonTraces(), { "content-type": JSON_TYPE }), JSON_TYPE),
  ),
  http("R1", "another type is 415", async (at) =>
    expectStatus(await post(at, TRACES, "<spans/>", { "content-type": "text/xml" }), 415),
  ),
  grpc("R1", "traces", (at) => grpcStatus(at, span(), 0)),
  http("R2", "gzip", async (at) =>
    accepted(
      await post(at, TRACES, gzipSync(span()), { "content-type": PROTOBUF, "content-encoding": "gzip" }),
      PROTOBUF,
    ),
  ),
  grpc("R2", "gzip", (at) => grpcStatus(at, gzipSync(span()), 0, "gzip")),
  http("R3", "too large when unpacked is 413", async (at) =>
    expectStatus(await post(at, TRACES, bomb(), { "content-type": PROTOBUF, "content-encoding": "gzip" }), 413),
  ),
  grpc("R3", "too large when unpacked is RESOURCE_EXHAUSTED without RetryInfo", grpcBomb),
  http("R4", "an empty request of traces", (at) => signal(at, TRACES)),
  http("R4", "an empty request of logs", (at) => signal(at, "/v1/logs")),
  http("R4", "an empty request of metrics", (at) => signal(at, "/v1/metrics")),
  grpc("R4", "an empty request", (at) => grpcStatus(at, Buffer.alloc(0), 0)),
  http("R5", "one bad span is rejected alone, with a reason", partial),
  http("R6", "undecodable protobuf is 400 with a Status in protobuf", async (at) => {
    const answer = await post(at, TRACES, broken, { "content-type": PROTOBUF });
    return expectStatus(answer, 400) ?? isStatus(answer, PROTOBUF);
  }),
  http("R6", "undecodable JSON is 400 with a Status in JSON", async (at) => {
    const answer = await post(at, TRACES, "{", { "content-type": JSON_TYPE });
    return expectStatus(answer, 400) ?? isStatus(answer, JSON_TYPE);
  }),
  grpc("R7", "undecodable is INVALID_ARGUMENT", (at) => grpcStatus(at, broken, 3)),
  http("R8", "more than it can take at once is 429 or 503 with a short Retry-After", burst),
  http("R9", "ids in capitals, numbers as text, unknown fields, base64", async (at) =>
    accepted(await post(at, TRACES, jsonTraces(), { "content-type": JSON_TYPE }), JSON_TYPE),
  ),
  ...VALUES.map(([name, value]) =>
    http("R10", `attribute: ${name}`, async (at) =>
      accepted(
        await post(at, TRACES, tracesOf({ more: [attribute("a", value)] }), { "content-type": PROTOBUF }),
        PROTOBUF,
      ),
    ),
  ),
  http("R12", "the same spans twice", (at) => {
    const body = tracesOf({ traceId: randomBytes(16), spanId: randomBytes(8) });
    return twice(async () => accepted(await post(at, TRACES, body, { "content-type": PROTOBUF }), PROTOBUF));
  }),
  grpc("R12", "the same spans twice", (at) => {
    const body = span();
    return twice(() => grpcStatus(at, body, 0));
  }),
];
