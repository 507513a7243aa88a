import type { IncomingMessage, ServerResponse } from "node:http";
import { JournalFullError } from "../journal/journal.ts";
import type { Journal } from "../journal/journal.ts";
import { OtlpDecodeError } from "../otlp/otlp-decode-error.ts";
import { scanLogs } from "../otlp/read-logs.ts";
import { scanMetrics } from "../otlp/read-metrics.ts";
import { scanTraces } from "../otlp/read-traces.ts";
import type { Signal } from "../otlp/record.ts";
import type { Rejected } from "../otlp/rejections.ts";
import { RPC_CODES, writeExportResponse, writeStatus } from "../otlp/write-response.ts";
import type { Encoding } from "../otlp/write-response.ts";
import { BodyBudget } from "../receive/body-budget.ts";
import type { BodyLease } from "../receive/body-budget.ts";
import { decompress } from "../receive/decompress.ts";
import { projectOf } from "../receive/project-header.ts";
import { readBody } from "../receive/read-body.ts";
import { Refusal, SenderGone } from "../receive/refusal.ts";
import type { Receiver } from "../receiver.ts";
import { metrics as processMetrics } from "../telemetry/metrics.ts";
import type { Metrics } from "../telemetry/metrics.ts";

/** What OTLP 1.11 recommends, after decompression. */
const MAX_BODY_BYTES = 64 * 2 ** 20;
/** Four of the largest bodies, or some hundred usual ones. */
const MAX_BYTES_IN_FLIGHT = 256 * 2 ** 20;
/** A refused body that still comes in is read and forgotten this long, then the connection is cut. */
const DRAIN_MS = 2_000;

/** Bounds of an OTLP/HTTP receiver. */
export interface OtlpHttpOptions {
  /** Largest body after decompression; `TELLTALE_MAX_REQUEST_BYTES`, else 64 MiB, when absent. */
  readonly maxBodyBytes?: number;
  /** All bodies in memory at one time; `TELLTALE_MAX_BYTES_IN_FLIGHT`, else 256 MiB, when absent. */
  readonly maxBytesInFlight?: number;
  /** Where to count; the metrics of the process when absent. */
  readonly metrics?: Metrics;
}

const SIGNALS: ReadonlyMap<string, Signal> = new Map([
  ["/v1/traces", "traces"],
  ["/v1/logs", "logs"],
  ["/v1/metrics", "metrics"],
]);
const SCANS = { traces: scanTraces, logs: scanLogs, metrics: scanMetrics } as const;
const ENCODINGS: ReadonlyMap<string, Encoding> = new Map([
  ["application/x-protobuf", "protobuf"],
  ["application/json", "json"],
]);
const CODES: ReadonlyMap<number, number> = new Map([
  [405, RPC_CODES.unimplemented],
  [413, RPC_CODES.resourceExhausted],
  [429, RPC_CODES.resourceExhausted],
  [503, RPC_CODES.unavailable],
]);

/** OTLP over HTTP (opentelemetry-proto, specification.md): protobuf and JSON, one path per signal. */
export const otlpHttp: Receiver = createOtlpHttp();

/** Makes an OTLP/HTTP receiver with its own bounds. */
export function createOtlpHttp(options: OtlpHttpOptions = {}): Receiver {
  const maxBodyBytes = options.maxBodyBytes ?? bytesFrom("TELLTALE_MAX_REQUEST_BYTES", MAX_BODY_BYTES);
  const budget = new BodyBudget(
    options.maxBytesInFlight ?? bytesFrom("TELLTALE_MAX_BYTES_IN_FLIGHT", MAX_BYTES_IN_FLIGHT),
  );
  const count = countersIn(options.metrics ?? processMetrics, budget);

  async function take(request: IncomingMessage, signal: Signal, lease: BodyLease, journal: Journal): Promise<Rejected> {
    if (request.method !== "POST") throw new Refusal(405, `${request.method} is not allowed here: POST OTLP ${signal}`);
    const encoding = encodingOf(request);
    if (encoding === undefined) {
      throw new Refusal(415, "send OTLP with content-type application/x-protobuf or application/json");
    }
    const project = projectOf(request.headers["x-telltale-project"]);
    const sent = await readBody(request, maxBodyBytes, lease);
    const contentEncoding = (request.headers["content-encoding"] ?? "").trim().toLowerCase();
    const body = await decompress(sent, contentEncoding, maxBodyBytes, lease);
    const { accepted, rejected } = SCANS[signal](body, encoding);
    if (accepted > 0) {
      const receivedAt = BigInt(Date.now()) * 1_000_000n;
      await journal.append({ signal, encoding, project, receivedAt, body });
    }
    count.taken(signal, body.length, accepted, rejected.count);
    return rejected;
  }

  return {
    name: "otlp-http",
    owns: (path) => SIGNALS.has(pathOf(path)),
    handle: async (request, response, journal) => {
      const signal = SIGNALS.get(pathOf(request.url ?? "")) ?? "traces";
      const encoding = encodingOf(request) ?? "json";
      const lease = budget.lease();
      try {
        const rejected = await take(request, signal, lease, journal);
        send(response, 200, encoding, writeExportResponse(signal, encoding, rejected));
        count.answered(signal, 200);
      } catch (error) {
        if (error instanceof SenderGone) return count.answered(signal, 499);
        const refusal = refusalFor(error);
        refuse(request, response, refusal, encoding);
        count.answered(signal, refusal.status);
      } finally {
        lease.release();
      }
    },
  };
}

function bytesFrom(variable: string, otherwise: number): number {
  const bytes = Number(process.env[variable]);
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : otherwise;
}

function pathOf(url: string): string {
  return url.split("?", 1)[0] ?? "";
}

function encodingOf(request: IncomingMessage): Encoding | undefined {
  const type = (request.headers["content-type"] ?? "").split(";", 1)[0] ?? "";
  return ENCODINGS.get(type.trim().toLowerCase());
}

/** Whose fault it was, and whether trying again helps: what is not the sender's is 503, which clients repeat. */
function refusalFor(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof OtlpDecodeError) return new Refusal(400, error.message);
  if (error instanceof JournalFullError) return new Refusal(503, error.message, 3);
  const message = error instanceof Error ? error.message : String(error);
  return new Refusal(503, `the request could not be kept: ${message}`, 2);
}

function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal, encoding: Encoding): void {
  const code = CODES.get(refusal.status) ?? RPC_CODES.invalidArgument;
  if (refusal.retryAfter !== undefined) response.setHeader("retry-after", String(refusal.retryAfter));
  if (refusal.status === 405) response.setHeader("allow", "POST");
  send(response, refusal.status, encoding, writeStatus(code, refusal.message, encoding));
  if (request.complete) return;
  const timer = setTimeout(() => request.destroy(), DRAIN_MS).unref();
  request.on("error", () => undefined).once("close", () => clearTimeout(timer));
  request.resume();
}

function send(response: ServerResponse, status: number, encoding: Encoding, body: Uint8Array): void {
  const type = encoding === "json" ? "application/json" : "application/x-protobuf";
  response.writeHead(status, { "content-type": type, "content-length": body.length });
  response.end(body);
}

function countersIn(metrics: Metrics, budget: BodyBudget) {
  const requests = metrics.counter(
    "telltale_receiver_requests_total",
    "Requests answered, by status (499: sender gone)",
  );
  const records = metrics.counter("telltale_receiver_records_total", "Spans, log records and data points, by outcome");
  const bytes = metrics.counter("telltale_receiver_bytes_total", "Bytes of bodies after decompression");
  metrics.gauge("telltale_receiver_in_flight_bytes", "Bytes of bodies in memory now", () => budget.used);
  return {
    answered: (signal: Signal, status: number): void => requests.add(1, { signal, status }),
    taken: (signal: Signal, size: number, accepted: number, rejected: number): void => {
      bytes.add(size, { signal });
      if (accepted > 0) records.add(accepted, { signal, outcome: "accepted" });
      if (rejected > 0) records.add(rejected, { signal, outcome: "rejected" });
    },
  };
}
