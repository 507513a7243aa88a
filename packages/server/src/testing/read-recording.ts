import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { spanOfLog } from "../dialect/log-spans.ts";
import { readLogs } from "../otlp/read-logs.ts";
import { readTraces } from "../otlp/read-traces.ts";
import type { LogRecord, SpanRecord } from "../otlp/record.ts";
import { type ApiRequestBody, formatOf, readApiRequests } from "./read-api-recording.ts";

/** Where the recordings lie: `<sdk>/<scenario>/NNN.body` and `NNN.request.json` (see fixtures/README.md). */
export const CORPUS: string = join(import.meta.dirname, "../../../../fixtures/corpus");

/** One recorded request, its body as it came over the wire. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What one program sent: its requests in order, and the records in them. */
export interface Recording {
  readonly sdk: string;
  readonly scenario: string;
  readonly requests: readonly RecordedRequest[];
  readonly spans: readonly SpanRecord[];
  readonly logs: readonly LogRecord[];
  readonly rejected: number;
}

/** The names of all recordings as `sdk/scenario`. */
export function recordingNames(): readonly string[] {
  return folders(CORPUS).flatMap((sdk) => folders(join(CORPUS, sdk)).map((scenario) => `${sdk}/${scenario}`));
}

function folders(path: string): readonly string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
}

/** Reads a recording: every request as sent, and its spans and log records decoded. */
export function readRecording(name: string): Recording {
  const [sdk = "", scenario = ""] = name.split("/");
  const folder = join(CORPUS, sdk, scenario);
  const requests = readdirSync(folder)
    .filter((file) => file.endsWith(".body"))
    .toSorted()
    .map((file) => readRequest(folder, file.slice(0, -".body".length)));
  const spans: SpanRecord[] = [];
  const logs: LogRecord[] = [];
  let rejected = 0;
  const vendors: ApiRequestBody[] = [];
  for (const request of requests) {
    const body = request.headers["content-encoding"] === "gzip" ? gunzipSync(request.body) : request.body;
    const encoding = request.headers["content-type"]?.includes("json") ? "json" : "protobuf";
    const type = request.headers["content-type"] ?? "";
    if (formatOf(request.path) !== undefined) vendors.push({ path: request.path, type, body });
    else if (/\/(?:traces|ai\/otel)$/.test(request.path)) {
      const read = readTraces(body, encoding);
      spans.push(...read.spans);
      rejected += read.rejected.count;
    } else if (request.path.endsWith("/logs")) {
      const read = readLogs(body, encoding).logs;
      logs.push(...read);
      spans.push(...read.flatMap((log) => spanOfLog(log) ?? []));
    }
  }
  const told = readApiRequests(vendors);
  spans.push(...told.spans);
  logs.push(...told.logs);
  return { sdk, scenario, requests, spans, logs, rejected };
}

function readRequest(folder: string, number: string): RecordedRequest {
  const told: unknown = JSON.parse(readFileSync(join(folder, `${number}.request.json`), "utf8"));
  const { method, path, headers } = told as Omit<RecordedRequest, "body">;
  return { method, path, headers, body: readFileSync(join(folder, `${number}.body`)) };
}

/** The log records that belong to a span, by time. */
export function logsOf(recording: Recording, span: SpanRecord): readonly LogRecord[] {
  return recording.logs
    .filter((log) => log.traceId === span.traceId && log.spanId === span.spanId)
    .toSorted((a, b) => Number(a.time - b.time));
}
