import type { IncomingMessage, ServerResponse } from "node:http";
import type { Journal } from "../journal/journal.ts";
import type { Signal } from "../otlp/record.ts";
import type { Rejected } from "../otlp/rejections.ts";
import { writeExportResponse, writeStatus } from "../otlp/write-response.ts";
import type { Encoding } from "../otlp/write-response.ts";
import type { BodyLease } from "../receive/body-budget.ts";
import { decompress } from "../receive/decompress.ts";
import { type Intake, processIntake, refusalFor } from "../receive/intake.ts";
import { projectOf } from "../receive/project-header.ts";
import { readBody } from "../receive/read-body.ts";
import { Refusal, SenderGone } from "../receive/refusal.ts";
import type { HttpReceiver } from "../receiver.ts";

/** A refused body that still comes in is read and forgotten this long, then the connection is cut. */
const DRAIN_MS = 2_000;

const SIGNALS: ReadonlyMap<string, Signal> = new Map([
  // Under the addresses of vendors, whose SDKs append their own path.
  ...["/api/public/otel/v1/traces", "/otel/v1/traces", "/api/v1/otel/v1/traces", "/i/v0/ai/otel"].map(
    (path): [string, Signal] => [path, "traces"],
  ),
  ["/v1/traces", "traces"],
  ["/v1/logs", "logs"],
  ["/v1/metrics", "metrics"],
]);
const ENCODINGS: ReadonlyMap<string, Encoding> = new Map([
  ["application/x-protobuf", "protobuf"],
  ["application/json", "json"],
]);

/** OTLP over HTTP (opentelemetry-proto, specification.md): protobuf and JSON, one path per signal. */
export const otlpHttp: HttpReceiver = createOtlpHttp(processIntake);

/** Makes an OTLP/HTTP receiver with bounds of its own. */
export function createOtlpHttp(intake: Intake): HttpReceiver {
  async function take(request: IncomingMessage, signal: Signal, lease: BodyLease, journal: Journal): Promise<Rejected> {
    if (request.method !== "POST") throw new Refusal(405, `${request.method} is not allowed here: POST OTLP ${signal}`);
    const encoding = encodingOf(request);
    if (encoding === undefined) {
      throw new Refusal(415, "send OTLP with content-type application/x-protobuf or application/json");
    }
    const project = projectOf(request.headers["x-telltale-project"]);
    const sent = await readBody(request, intake.maxBodyBytes, lease);
    const contentEncoding = (request.headers["content-encoding"] ?? "").trim().toLowerCase();
    const body = await decompress(sent, contentEncoding, intake.maxBodyBytes, lease);
    return intake.keep({ signal, encoding, project, body }, journal);
  }

  return {
    name: "otlp-http",
    owns: (path) => SIGNALS.has(pathOf(path)),
    handle: async (request, response, journal) => {
      const signal = SIGNALS.get(pathOf(request.url ?? "")) ?? "traces";
      const encoding = encodingOf(request) ?? "json";
      const lease = intake.lease();
      try {
        const rejected = await take(request, signal, lease, journal);
        send(response, 200, encoding, writeExportResponse(signal, encoding, rejected));
        intake.answered(signal, 200);
      } catch (error) {
        if (error instanceof SenderGone) return intake.answered(signal, 499);
        const refusal = refusalFor(error);
        refuse(request, response, refusal, encoding);
        intake.answered(signal, refusal.status);
      } finally {
        lease.release();
      }
    },
  };
}

function pathOf(url: string): string {
  return url.split("?", 1)[0] ?? "";
}

function encodingOf(request: IncomingMessage): Encoding | undefined {
  const type = (request.headers["content-type"] ?? "").split(";", 1)[0] ?? "";
  return ENCODINGS.get(type.trim().toLowerCase());
}

function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal, encoding: Encoding): void {
  if (refusal.retryAfter !== undefined) response.setHeader("retry-after", String(refusal.retryAfter));
  if (refusal.status === 405) response.setHeader("allow", "POST");
  send(response, refusal.status, encoding, writeStatus(refusal.rpcCode, refusal.message, encoding));
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
