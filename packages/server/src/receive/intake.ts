import { Buffer } from "node:buffer";
import { type Format, type Journal, JournalFullError } from "../journal/journal.ts";
import { OtlpDecodeError } from "../otlp/otlp-decode-error.ts";
import { scanLogs } from "../otlp/read-logs.ts";
import { scanMetrics } from "../otlp/read-metrics.ts";
import { scanTraces } from "../otlp/read-traces.ts";
import type { Signal } from "../otlp/record.ts";
import type { Rejected } from "../otlp/rejections.ts";
import type { Encoding } from "../otlp/write-response.ts";
import { type Counter, type Metrics, metrics as processMetrics } from "../telemetry/metrics.ts";
import { StoreError } from "../store.ts";
import { BodyBudget, type BodyLease } from "./body-budget.ts";
import { writeJson } from "./read-json.ts";
import { Refusal } from "./refusal.ts";

/** What OTLP 1.11 recommends, after decompression. */
const MAX_BODY_BYTES = 64 * 2 ** 20;
/** Four of the largest bodies, or some hundred usual ones. */
const MAX_BYTES_IN_FLIGHT = 256 * 2 ** 20;

const SCANS = { traces: scanTraces, logs: scanLogs, metrics: scanMetrics } as const;

/** Bounds of an intake. */
export interface IntakeOptions {
  /** Largest body after decompression; `TELLTALE_MAX_REQUEST_BYTES`, else 64 MiB, when absent. */
  readonly maxBodyBytes?: number;
  /** All bodies in memory at one time; `TELLTALE_MAX_BYTES_IN_FLIGHT`, else 256 MiB, when absent. */
  readonly maxBytesInFlight?: number;
  /** Where to count; the metrics of the process when absent. */
  readonly metrics?: Metrics;
  /** Whether a vendor's SDK may send with this key; any may, and without one, when absent. */
  readonly admits?: (key: string | undefined) => boolean;
}

/** What a receiver took of a request that is not OTLP. */
export interface ToldRequest {
  readonly format: Format;
  /** What the header names; "" without it. */
  readonly project: string;
  /** What is kept, and read again by the format. */
  readonly body: object;
  readonly accepted: number;
  readonly rejected: number;
}

/** An OTLP request as it was sent, decompressed. */
export interface OtlpRequest {
  readonly signal: Signal;
  readonly encoding: Encoding;
  /** What the header names; "" without it. */
  readonly project: string;
  readonly body: Uint8Array;
}

/** What every way in for OTLP does with a request once its body is there: one bound, one count, one path to the journal. */
export class Intake {
  readonly maxBodyBytes: number;
  readonly maxBytesInFlight: number;
  /** Whether a vendor's SDK may send with this key, or without one. */
  readonly admits: (key: string | undefined) => boolean;
  readonly #budget: BodyBudget;
  readonly #requests: Counter;
  readonly #records: Counter;
  readonly #bytes: Counter;

  constructor(options: IntakeOptions = {}) {
    this.maxBodyBytes = options.maxBodyBytes ?? bytesFrom("TELLTALE_MAX_REQUEST_BYTES", MAX_BODY_BYTES);
    this.maxBytesInFlight = options.maxBytesInFlight ?? bytesFrom("TELLTALE_MAX_BYTES_IN_FLIGHT", MAX_BYTES_IN_FLIGHT);
    this.#budget = new BodyBudget(this.maxBytesInFlight);
    this.admits = options.admits ?? (() => true);
    const metrics = options.metrics ?? processMetrics;
    this.#requests = metrics.counter(
      "telltale_receiver_requests_total",
      "Requests answered, by status (499: sender gone, or a gRPC message too large or damaged)",
    );
    this.#records = metrics.counter(
      "telltale_receiver_records_total",
      "Spans, log records and data points, by outcome",
    );
    this.#bytes = metrics.counter("telltale_receiver_bytes_total", "Bytes of bodies after decompression");
    metrics.gauge("telltale_receiver_in_flight_bytes", "Bytes of bodies in memory now", () => this.#budget.used);
  }

  /** What one request may hold in memory; to be released when it is answered. */
  lease(): BodyLease {
    return this.#budget.lease();
  }

  /**
   * Checks a request and keeps it: resolves, with what of it was rejected, once it is in the journal. Rejects with what
   * {@link refusalFor} understands.
   */
  async keep(request: OtlpRequest, journal: Journal): Promise<Rejected> {
    const { signal, encoding, body } = request;
    const { accepted, rejected } = SCANS[signal](body, encoding);
    if (accepted > 0) await journal.append({ ...request, receivedAt: BigInt(Date.now()) * 1_000_000n });
    this.#count(signal, body.length, accepted, rejected.count);
    return rejected;
  }

  /** Keeps what was taken of a request that is not OTLP: resolves once it is in the journal; rejects as {@link keep}. */
  async keepTold({ format, project, body, accepted, rejected }: ToldRequest, journal: Journal): Promise<void> {
    const bytes = Buffer.from(writeJson(body));
    const receivedAt = BigInt(Date.now()) * 1_000_000n;
    if (accepted > 0) await journal.append({ signal: "traces", encoding: format, project, receivedAt, body: bytes });
    this.#count("traces", bytes.length, accepted, rejected);
  }

  #count(signal: Signal, bytes: number, accepted: number, rejected: number): void {
    this.#bytes.add(bytes, { signal });
    if (accepted > 0) this.#records.add(accepted, { signal, outcome: "accepted" });
    if (rejected > 0) this.#records.add(rejected, { signal, outcome: "rejected" });
  }

  /** Counts an answer by its HTTP status, or the one that says the same. */
  answered(signal: Signal, status: number): void {
    this.#requests.add(1, { signal, status });
  }
}

/** The intake of this process: its bounds hold over all ways in together. */
export const processIntake: Intake = new Intake();

/** Whose fault it was, and whether trying again helps: what is not the sender's is 503, which clients repeat. */
export function refusalFor(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof OtlpDecodeError) return new Refusal(400, error.message);
  if (error instanceof JournalFullError) return new Refusal(503, error.message, 3);
  if (error instanceof StoreError && error.code === "limit")
    return new Refusal(413, `${error.message}: ask for less at once`);
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof StoreError) return new Refusal(error.retry ? 503 : 500, message, error.retry ? 2 : undefined);
  return new Refusal(503, `the request could not be kept: ${message}`, 2);
}

function bytesFrom(variable: string, otherwise: number): number {
  const bytes = Number(process.env[variable]);
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : otherwise;
}
